package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code /v1/services}: a server tells no more at once than its answer holds. */
final class ServicePages {
  private ServicePages() {}

  /**
   * The services of all pages.
   *
   * @param query parameters as they stand in the address, such as {@code namespace=shop}
   */
  static ArrayNode all(AdminClient admin, List<String> query) {
    ArrayNode services = JsonNodeFactory.instance.arrayNode();
    @Nullable String after = null;
    do {
      List<String> page = new ArrayList<>(query);
      if (after != null) {
        page.add("after=" + AdminClient.segment(after));
      }
      JsonNode answer = admin.get("/v1/services?" + String.join("&", page));
      answer.path("services").forEach(services::add);
      after = answer.path("next").textValue();
    } while (after != null);
    return services;
  }
}
