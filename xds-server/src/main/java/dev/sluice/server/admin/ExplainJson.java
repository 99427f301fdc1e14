package dev.sluice.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.server.explain.Explanation;
import dev.sluice.server.explain.Explanation.ClusterShare;
import dev.sluice.server.explain.Explanation.Instance;
import dev.sluice.server.explain.Explanation.LookedAt;
import dev.sluice.server.explain.Explanation.Setting;
import dev.sluice.server.explain.Explanation.Step;
import dev.sluice.server.explain.Explanation.Target;
import java.util.Locale;
import java.util.Optional;

/** An explanation as the JSON of the admin API. */
final class ExplainJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ExplainJson() {}

  static ObjectNode of(Explanation explanation) {
    ObjectNode json = JSON.objectNode();
    json.put("outcome", explanation.outcome().name());
    json.put("routed", explanation.outcome().isRouted());
    json.put("summary", explanation.summary());
    explanation.status().ifPresent(status -> json.put("status", status));
    explanation.grpcStatus().ifPresent(status -> json.put("grpcStatus", status));
    json.putObject("request")
        .put("method", explanation.call().method())
        .put("authority", explanation.call().authority())
        .put("path", explanation.call().path());
    json.set("proxy", proxy(explanation));
    step(json, "listener", explanation.listener());
    step(json, "virtualHost", explanation.host());
    step(json, "route", explanation.route());
    ArrayNode looked = json.putArray("passedOver");
    explanation.looked().forEach(route -> looked.add(looked(route)));
    target(json, explanation.target());
    ArrayNode settings = json.putArray("settings");
    explanation.settings().forEach(setting -> settings.add(setting(setting)));
    json.set("differs", AdminJson.texts(explanation.differs()));
    explanation.newest().ifPresent(newest -> json.put("newest", newest));
    json.set("notes", AdminJson.texts(explanation.notes()));
    return json;
  }

  private static ObjectNode proxy(Explanation explanation) {
    ObjectNode json = JSON.objectNode();
    json.put("id", explanation.proxy());
    json.put("role", explanation.group().role().name().toLowerCase(Locale.ROOT));
    json.put("service", explanation.group().service().name());
    json.put("namespace", explanation.group().namespace());
    json.put("agreeing", explanation.agreeing());
    ArrayNode others = json.putArray("others");
    explanation
        .others()
        .forEach(
            other -> others.addObject().put("id", other.proxy()).put("summary", other.summary()));
    return json;
  }

  private static void step(ObjectNode json, String name, Optional<Step> step) {
    if (step.isPresent()) {
      ObjectNode its = json.putObject(name);
      its.put("name", step.get().name());
      its.set("because", AdminJson.texts(step.get().because()));
      its.set("from", AdminJson.texts(step.get().from()));
    }
  }

  private static ObjectNode looked(LookedAt route) {
    ObjectNode json = JSON.objectNode();
    json.put("name", route.route());
    json.put("answer", route.answer().name());
    json.set("because", AdminJson.texts(route.because()));
    route.from().ifPresent(from -> json.put("from", from));
    return json;
  }

  private static void target(ObjectNode json, Target target) {
    ArrayNode clusters = json.putArray("clusters");
    target.clusters().forEach(cluster -> clusters.add(cluster(cluster)));
    ArrayNode versions = json.putArray("versions");
    target
        .versions()
        .forEach(
            share ->
                versions
                    .addObject()
                    .put("version", share.version())
                    .put("percent", share.percent()));
    target.path().ifPresent(path -> json.put("rewrittenPath", path));
    target.rewrittenHost().ifPresent(host -> json.put("rewrittenHost", host));
    target.location().ifPresent(location -> json.put("location", location));
    target.body().ifPresent(body -> json.put("body", body));
  }

  private static ObjectNode cluster(ClusterShare cluster) {
    ObjectNode json = JSON.objectNode();
    json.put("name", cluster.name());
    json.put("weight", cluster.weight());
    json.put("percent", cluster.percent());
    cluster.state().ifPresent(state -> json.put("state", state));
    ArrayNode instances = json.putArray("instances");
    cluster.instances().forEach(instance -> instances.add(instance(instance)));
    json.set("from", AdminJson.texts(cluster.from()));
    return json;
  }

  private static ObjectNode instance(Instance instance) {
    return JSON.objectNode()
        .put("address", instance.address())
        .put("health", instance.health())
        .put("version", instance.version())
        .put("locality", instance.locality())
        .put("weight", instance.weight())
        .put("priority", instance.priority())
        .put("source", instance.source());
  }

  private static ObjectNode setting(Setting setting) {
    ObjectNode json = JSON.objectNode();
    json.put("name", setting.name());
    json.put("value", setting.value());
    if (!setting.of().isEmpty()) {
      json.put("version", setting.of());
    }
    setting.from().ifPresent(from -> json.put("from", from));
    return json;
  }
}
