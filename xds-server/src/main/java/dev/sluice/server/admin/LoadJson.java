package dev.sluice.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.server.load.Load;
import dev.sluice.server.load.ProxyLoad;
import dev.sluice.server.load.Requests;
import dev.sluice.server.load.Upstream;
import dev.sluice.server.load.UpstreamLocality;

/** The load that proxies reported as the JSON of the admin API. */
final class LoadJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private LoadJson() {}

  static ObjectNode of(Load load) {
    ObjectNode json = JSON.objectNode();
    ArrayNode clusters = json.putArray("clusters");
    load.clusters().forEach((upstream, sum) -> clusters.add(cluster(upstream, sum)));
    ArrayNode proxies = json.putArray("proxies");
    load.proxies().forEach(proxy -> proxies.add(proxy(proxy)));
    return json;
  }

  private static ObjectNode cluster(Upstream upstream, Load.ClusterSum sum) {
    ObjectNode json = named(upstream);
    json.put("dropped", sum.dropped());
    json.put("droppedPerSecond", sum.droppedPerSecond());
    ArrayNode localities = json.putArray("localities");
    sum.localities()
        .forEach(
            (locality, requests) -> {
              ObjectNode entry = place(locality);
              entry.put("requestsPerSecond", requests.perSecond());
              entry.set("requests", requests(requests.requests()));
              localities.add(entry);
            });
    return json;
  }

  private static ObjectNode proxy(ProxyLoad proxy) {
    ObjectNode json = JSON.objectNode();
    json.put("id", proxy.node());
    json.put("since", proxy.since().toString());
    proxy.reportedAt().ifPresent(at -> json.put("reportedAt", at.toString()));
    ArrayNode clusters = json.putArray("clusters");
    proxy
        .clusters()
        .forEach(
            (upstream, load) -> {
              ObjectNode entry = named(upstream);
              entry.put("intervalMillis", load.interval().toMillis());
              entry.put("dropped", load.dropped());
              ArrayNode localities = entry.putArray("localities");
              load.localities()
                  .forEach(
                      (locality, requests) -> {
                        ObjectNode part = place(locality);
                        part.set("latest", requests(requests.latest()));
                        part.set("total", requests(requests.total()));
                        localities.add(part);
                      });
              clusters.add(entry);
            });
    return json;
  }

  private static ObjectNode named(Upstream upstream) {
    ObjectNode json = JSON.objectNode().put("cluster", upstream.cluster());
    if (!upstream.service().isEmpty()) {
      json.put("service", upstream.service());
    }
    return json;
  }

  private static ObjectNode place(UpstreamLocality locality) {
    return JSON.objectNode()
        .put("region", locality.region())
        .put("zone", locality.zone())
        .put("subZone", locality.subZone())
        .put("priority", locality.priority());
  }

  private static ObjectNode requests(Requests requests) {
    return JSON.objectNode()
        .put("issued", requests.issued())
        .put("successful", requests.successful())
        .put("failed", requests.failed())
        .put("inProgress", requests.inProgress());
  }
}
