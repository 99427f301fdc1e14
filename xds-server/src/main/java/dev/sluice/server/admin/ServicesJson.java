package dev.sluice.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServicePort;
import dev.sluice.catalog.SourceName;
import dev.sluice.server.catalog.CatalogImage;
import dev.sluice.server.catalog.HiddenEndpoint;
import java.util.List;
import java.util.Locale;

/** Services, merged over the sources, as the JSON of the admin API. */
final class ServicesJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ServicesJson() {}

  static ObjectNode of(CatalogImage image, ServiceQuery query) {
    ServicePage page = ServicePage.of(image.catalog(), query);
    ObjectNode json = JSON.objectNode();
    ArrayNode services = json.putArray("services");
    page.services().forEach(service -> services.add(service(image, service, query.detail())));
    page.next().ifPresent(last -> json.put("next", last.toString()));
    return json;
  }

  private static ObjectNode service(
      CatalogImage image, Service service, ServiceQuery.Detail detail) {
    List<HiddenEndpoint> hidden = image.hidden(service.id());
    ObjectNode json = JSON.objectNode();
    json.put("name", service.id().name());
    json.put("namespace", service.id().namespace());
    ArrayNode ports = json.putArray("ports");
    service.ports().forEach(port -> ports.add(port(port)));
    service.host().ifPresent(host -> json.put("host", host));
    ObjectNode instances = json.putObject("instances").put("all", service.endpoints().size());
    for (Health health : Health.values()) {
      instances.put(health.name().toLowerCase(Locale.ROOT), count(service, health));
    }
    ArrayNode sources = json.putArray("sources");
    for (SourceName source : image.views(service.id()).keySet()) {
      sources
          .addObject()
          .put("source", source.toString())
          .put("instances", from(source, service.endpoints()))
          .put("hidden", from(source, hidden.stream().map(HiddenEndpoint::endpoint).toList()));
    }
    if (detail == ServiceQuery.Detail.ENDPOINTS) {
      ArrayNode endpoints = json.putArray("endpoints");
      service.endpoints().forEach(endpoint -> endpoints.add(endpoint(endpoint)));
      ArrayNode others = json.putArray("hidden");
      hidden.forEach(
          one -> others.add(endpoint(one.endpoint()).put("hiddenBy", one.by().toString())));
    }
    return json;
  }

  private static long count(Service service, Health health) {
    return service.endpoints().stream().filter(endpoint -> endpoint.health() == health).count();
  }

  private static long from(SourceName source, List<Endpoint> endpoints) {
    return endpoints.stream().filter(endpoint -> endpoint.source().equals(source)).count();
  }

  private static ObjectNode port(ServicePort port) {
    ObjectNode json = JSON.objectNode().put("name", port.name()).put("port", port.number());
    if (port.protocol() != null) {
      json.put("protocol", port.protocol().name().toLowerCase(Locale.ROOT));
    }
    return json;
  }

  private static ObjectNode endpoint(Endpoint endpoint) {
    ObjectNode json = JSON.objectNode();
    json.put("address", endpoint.address());
    ObjectNode ports = json.putObject("ports");
    endpoint.ports().forEach(ports::put);
    ObjectNode labels = json.putObject("labels");
    endpoint.labels().forEach(labels::put);
    json.put("weight", endpoint.weight());
    json.put("health", endpoint.health().name());
    json.put("region", endpoint.locality().region());
    json.put("zone", endpoint.locality().zone());
    json.put("source", endpoint.source().toString());
    return json;
  }
}
