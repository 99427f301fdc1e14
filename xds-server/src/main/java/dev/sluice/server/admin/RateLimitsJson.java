package dev.sluice.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.SortedMap;

/** What rate-limit services are configured with, as the admin API tells it. */
final class RateLimitsJson {
  private RateLimitsJson() {}

  /** The files by their domains. */
  static ObjectNode of(SortedMap<String, String> files) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode domains = json.putArray("domains");
    files.forEach((domain, file) -> domains.addObject().put("domain", domain).put("file", file));
    return json;
  }
}
