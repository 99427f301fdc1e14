package dev.sluice.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.catalog.ServiceId;
import dev.sluice.policy.attach.PolicyStatus;
import dev.sluice.server.status.Acknowledged;
import dev.sluice.spec.Document;
import dev.sluice.spec.Gateway;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.StaticService;
import dev.sluice.spec.TrafficPolicy;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Documents as the JSON of the admin API: what they say in short, and what became of them. */
final class DocumentJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private DocumentJson() {}

  /**
   * A document.
   *
   * @param newest as its source told it last
   * @param inForce the edition that counts; empty for none
   * @param status what became of it, for kinds that can conflict
   */
  static ObjectNode of(Document newest, Optional<Document> inForce, Optional<PolicyStatus> status) {
    ObjectNode json = JSON.objectNode();
    json.put("kind", newest.kind().toString());
    json.put("name", newest.metadata().name());
    json.put("namespace", newest.metadata().namespace());
    json.put("file", newest.origin().start().file());
    json.put("line", newest.origin().start().line());
    if (newest.origin().generation() > 0) {
      json.put("generation", newest.origin().generation());
    }
    json.put("inForce", inForce.filter(it -> isSame(it, newest)).isPresent());
    status.ifPresent(
        it -> {
          it.scope().ifPresent(scope -> json.put("target", scope.toString()));
          json.put("state", it.state().name());
          json.put("reason", it.reason().toString());
          json.set("problems", AdminJson.problems(it.problems()));
        });
    switch (newest) {
      case TrafficPolicy it -> policy(it, json);
      case Gateway it -> gateway(it, json);
      case InstanceOverride it -> override(it, json);
      case StaticService it -> json.put("endpoints", it.spec().endpoints().size());
    }
    return json;
  }

  /** Whether they say the same, wherever and whenever they were read. */
  static boolean isSame(Document one, Document other) {
    return one.key().equals(other.key()) && spec(one).equals(spec(other));
  }

  private static Record spec(Document document) {
    return switch (document) {
      case TrafficPolicy it -> it.spec();
      case Gateway it -> it.spec();
      case InstanceOverride it -> it.spec();
      case StaticService it -> it.spec();
    };
  }

  private static void policy(TrafficPolicy policy, ObjectNode json) {
    String service = policy.spec().target().service();
    if (!json.has("target") && !service.isEmpty()) {
      json.put("target", ServiceId.parse(service, policy.metadata().namespace()).toString());
    }
    if (policy.spec().split() != null) {
      json.set("split", numbers(policy.spec().split().weights()));
    }
    if (policy.spec().rollout() != null) {
      json.put("rollout", policy.spec().rollout().inAWord());
    }
  }

  private static void gateway(Gateway gateway, ObjectNode json) {
    json.set("selector", texts(gateway.spec().proxies().selector()));
    ArrayNode listeners = json.putArray("listeners");
    for (Gateway.Listener listener : gateway.spec().listeners()) {
      listeners
          .addObject()
          .put("name", listener.name())
          .put("port", listener.port())
          .put("protocol", listener.protocol().toString())
          .set("hosts", AdminJson.texts(listener.hosts()));
    }
  }

  private static void override(InstanceOverride override, ObjectNode json) {
    InstanceOverride.Spec spec = override.spec();
    json.put("service", spec.service());
    ObjectNode match = json.putObject("match");
    if (spec.match().address() != null) {
      match.put("address", spec.match().address());
    }
    if (spec.match().pod() != null) {
      match.put("pod", spec.match().pod());
    }
    if (!spec.match().labels().isEmpty()) {
      match.set("labels", texts(spec.match().labels()));
    }
    if (spec.state() != null) {
      json.put("does", spec.state().name().toLowerCase(Locale.ROOT));
    }
    if (spec.weight() != null) {
      json.put("weight", spec.weight());
    }
    override.expiresAt().ifPresent(at -> json.put("expiresAt", at.toString()));
  }

  /** The proxies that have something of a document, and whether it is the newest. */
  static ArrayNode proxies(List<Acknowledged> proxies) {
    ArrayNode json = JSON.arrayNode();
    for (Acknowledged proxy : proxies) {
      ObjectNode one = json.addObject();
      one.put("id", proxy.proxy());
      one.put("acknowledged", proxy.isNewest());
      if (!proxy.words().isEmpty()) {
        one.put("message", proxy.words());
      }
    }
    return json;
  }

  private static ObjectNode texts(Map<String, String> texts) {
    ObjectNode json = JSON.objectNode();
    new TreeMap<>(texts).forEach(json::put);
    return json;
  }

  static ObjectNode numbers(SortedMap<String, Integer> numbers) {
    ObjectNode json = JSON.objectNode();
    numbers.forEach(json::put);
    return json;
  }
}
