package dev.sluice.policy.attach;

import dev.sluice.catalog.ConsulTags;
import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.SourceName;
import dev.sluice.spec.Target.Backend;
import dev.sluice.spec.Target.Consul;
import dev.sluice.spec.Target.Kubernetes;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Instances that a backend chooses among those which sources of one kind tell of.
 *
 * @param kind which sources
 * @param source which one of them; null for all
 * @param service whose instances
 * @param tag what they carry, as the document says it; null for all
 * @param port name or number of the service's port; null where the document leaves it open
 */
record Selection(
    Kind kind,
    @Nullable String source,
    ServiceId service,
    @Nullable String tag,
    @Nullable String port) {

  /** A kind of source; what it is called is both {@link SourceName#kind} and the document's key. */
  enum Kind {
    KUBERNETES("kubernetes", "cluster"),
    CONSUL("consul", "data centre");

    private final String key;

    /** What people call one source of the kind. */
    private final String noun;

    Kind(String key, String noun) {
      this.key = key;
      this.noun = noun;
    }

    String key() {
      return key;
    }
  }

  /**
   * What {@code backend} chooses; empty where it names addresses.
   *
   * @param own the policy's service
   */
  static Optional<Selection> of(Backend backend, ServiceId own) {
    Kubernetes pods = backend.kubernetes();
    if (pods != null) {
      ServiceId id = service(pods.service(), pods.namespace(), own);
      return Optional.of(new Selection(Kind.KUBERNETES, pods.cluster(), id, null, pods.port()));
    }
    Consul consul = backend.consul();
    if (consul != null) {
      ServiceId id = service(consul.service(), consul.namespace(), own);
      return Optional.of(
          new Selection(Kind.CONSUL, consul.datacenter(), id, consul.tag(), consul.port()));
    }
    return Optional.empty();
  }

  private static ServiceId service(
      @Nullable String name, @Nullable String namespace, ServiceId own) {
    return new ServiceId(
        Objects.requireNonNullElse(name, own.name()),
        Objects.requireNonNullElse(namespace, own.namespace()));
  }

  /** By what a change is known to concern it. */
  Subject subject() {
    return switch (kind) {
      case KUBERNETES -> new Subject.OfBackend(service);
      case CONSUL -> new Subject.OfBackendNamed(service.name());
    };
  }

  /** Whether a source of its kind tells of {@code endpoint}. */
  boolean isOfKind(Endpoint endpoint) {
    return endpoint.source().kind().equals(kind.key);
  }

  /** Whether it is its source, or one of them, that tells of {@code endpoint}. */
  boolean isFromSource(Endpoint endpoint) {
    return isOfKind(endpoint) && (source == null || endpoint.source().name().equals(source));
  }

  /** Whether {@code endpoint} carries the tag that is wanted, if one is. */
  boolean isTagged(Endpoint endpoint) {
    if (tag == null) {
      return true;
    }
    Map.Entry<String, String> label = ConsulTags.label(tag);
    return label.getValue().equals(endpoint.labels().get(label.getKey()));
  }

  /** Where it looks, for people. */
  String where() {
    return source == null ? "in any " + kind.noun : "in " + kind.noun + " " + source;
  }
}
