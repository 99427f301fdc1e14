package dev.sluice.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.server.rollout.Confirmation;
import dev.sluice.server.rollout.RolloutState;
import dev.sluice.server.rollout.Shares;
import dev.sluice.server.rollout.Size;
import dev.sluice.server.rollout.Standing;
import dev.sluice.server.rollout.Step;
import dev.sluice.server.rollout.analysis.Reading;
import dev.sluice.spec.InstanceShare;
import dev.sluice.spec.Percent;
import java.util.Collection;
import java.util.Locale;

/** How rollouts stand, as the JSON of the admin API. */
final class RolloutJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private RolloutJson() {}

  static ObjectNode all(Collection<Standing> standing) {
    ObjectNode json = JSON.objectNode();
    ArrayNode list = json.putArray("rollouts");
    standing.forEach(one -> list.add(of(one)));
    return json;
  }

  static ObjectNode of(Standing standing) {
    RolloutState state = standing.state();
    ObjectNode json = JSON.objectNode();
    json.put("name", standing.policy().name());
    json.put("namespace", standing.policy().namespace());
    json.put("place", standing.place());
    json.put("kind", state.target().kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    json.put("from", state.target().from());
    json.put("to", state.target().to());
    json.put("phase", state.phase().name());
    json.put("takenUp", standing.isTakenUp());
    if (standing.hasBegun()) {
      json.put("since", state.since().toString());
      json.put("begun", state.begun().toString());
    }
    standing.until().ifPresent(until -> json.put("until", until.toString()));
    state.pause().ifPresent(pause -> json.put("paused", pause.words()));
    json.put("message", standing.words());
    standing
        .hindrance()
        .ifPresent(
            it ->
                json.putObject("hindrance")
                    .put("kind", it.kind().name())
                    .put("lasting", it.kind().isLasting()));
    standing.standIn().ifPresent(version -> json.put("standIn", version));
    standing.aside().ifPresent(why -> json.put("aside", why));
    json.set("versions", versions(standing));
    ArrayNode steps = json.putArray("steps");
    for (int i = 0; i < standing.steps().size(); i++) {
      steps.add(step(standing.steps().get(i)).put("reached", i < standing.reached()));
    }
    json.set("proxies", proxies(standing));
    json.set("excepted", AdminJson.texts(state.excepted()));
    ArrayNode readings = json.putArray("readings");
    standing.readings().forEach(reading -> readings.add(reading(reading)));
    return json;
  }

  private static ArrayNode versions(Standing standing) {
    ArrayNode versions = JSON.arrayNode();
    Shares shares = standing.state().shares();
    standing
        .facts()
        .versions()
        .forEach(
            (name, instances) -> {
              ObjectNode version =
                  versions
                      .addObject()
                      .put("name", name)
                      .put("percent", new Percent(shares.of(name)).value())
                      .put("ready", instances.ready())
                      .put("total", instances.total());
              shares
                  .part()
                  .filter(part -> part.version().equals(name))
                  .ifPresent(part -> version.put("part", part.count()));
            });
    return versions;
  }

  private static ObjectNode step(Step step) {
    ObjectNode json = JSON.objectNode();
    switch (step.size()) {
      case Size.OfTraffic(int share) -> json.put("percent", new Percent(share).value());
      case Size.OfInstances(InstanceShare instances) -> json.put("instances", instances.toString());
    }
    return json.put("hold", step.hold().toString())
        .put("approve", step.approve().name().toLowerCase(Locale.ROOT));
  }

  private static ObjectNode reading(Reading reading) {
    ObjectNode json = JSON.objectNode();
    json.put("name", reading.name());
    json.put("bounds", reading.bounds());
    json.put("verdict", reading.verdict().name());
    json.put("value", reading.value());
    reading.when().ifPresent(when -> json.put("when", when.toString()));
    json.put("failures", reading.failures());
    json.put("message", reading.words());
    return json;
  }

  private static ObjectNode proxies(Standing standing) {
    Confirmation confirmation = standing.facts().confirmation().orElse(Confirmation.OF_NONE);
    ObjectNode json = JSON.objectNode();
    json.put(
        "counted",
        switch (standing.counted()) {
          case OF_ALL -> "all replicas";
          case OF_THIS -> "this replica";
        });
    json.put("acknowledged", confirmation.acknowledged());
    json.put("concerned", confirmation.concerned());
    json.set("pending", AdminJson.texts(confirmation.pending()));
    ArrayNode refused = json.putArray("refused");
    confirmation
        .refused()
        .forEach((id, words) -> refused.addObject().put("id", id).put("message", words));
    return json;
  }
}
