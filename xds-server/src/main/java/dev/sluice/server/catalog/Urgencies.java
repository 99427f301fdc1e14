package dev.sluice.server.catalog;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.SourceName;
import dev.sluice.secret.SecretId;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Tells changes that have to go out at once from additions, which may wait for their like.
 *
 * <p>A service or endpoint that goes away, an endpoint that becomes less healthy or differs in
 * anything that may move traffic off it (labels, weight, port), and a document or secret that is
 * edited or removed are urgent. New services, endpoints, documents and secrets, and endpoints that
 * get healthier, may wait.
 */
final class Urgencies {

  private Urgencies() {}

  static Urgency of(
      CatalogImage before,
      CatalogImage after,
      Collection<ServiceId> services,
      Collection<DocumentKey> documents,
      Collection<SecretId> secrets) {
    Urgency urgency = Urgency.NONE;
    for (ServiceId id : services) {
      urgency = urgency.or(ofServices(before.catalog().service(id), after.catalog().service(id)));
    }
    for (DocumentKey key : documents) {
      Optional<Document> was = before.documents().document(key);
      Optional<Document> is = after.documents().document(key);
      urgency = urgency.or(ofOne(was, is));
    }
    for (SecretId id : secrets) {
      urgency = urgency.or(ofOne(before.secrets().secret(id), after.secrets().secret(id)));
    }
    return urgency;
  }

  private static <T> Urgency ofOne(Optional<T> was, Optional<T> is) {
    if (was.equals(is)) {
      return Urgency.NONE;
    }
    return was.isEmpty() ? Urgency.MAY_WAIT : Urgency.AT_ONCE;
  }

  private static Urgency ofServices(Optional<Service> was, Optional<Service> is) {
    if (was.equals(is)) {
      return Urgency.NONE;
    }
    if (was.isEmpty()) {
      return Urgency.MAY_WAIT;
    }
    return is.isPresent() && onlyGains(was.get(), is.get()) ? Urgency.MAY_WAIT : Urgency.AT_ONCE;
  }

  private static boolean onlyGains(Service was, Service is) {
    if (!new HashSet<>(is.ports()).containsAll(was.ports())) {
      return false;
    }
    Map<Instance, Endpoint> now = new HashMap<>();
    for (Endpoint endpoint : is.endpoints()) {
      now.put(Instance.of(endpoint), endpoint);
    }
    for (Endpoint endpoint : was.endpoints()) {
      Endpoint successor = now.get(Instance.of(endpoint));
      if (successor == null || !asGood(endpoint, successor)) {
        return false;
      }
    }
    return true;
  }

  private static boolean asGood(Endpoint was, Endpoint is) {
    return is.health().compareTo(was.health()) <= 0
        && is.weight() == was.weight()
        && is.labels().equals(was.labels())
        && is.locality().equals(was.locality());
  }

  private record Instance(String address, SortedMap<String, Integer> ports, SourceName source) {
    static Instance of(Endpoint endpoint) {
      return new Instance(endpoint.address(), endpoint.ports(), endpoint.source());
    }
  }
}
