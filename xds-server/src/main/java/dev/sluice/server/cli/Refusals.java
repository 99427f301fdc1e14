package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What proxies refused of the revision that was just rolled back to. */
final class Refusals {
  /** What was refused before is forgotten some moments after the rollback, if it is another. */
  private static final int LOOKS_UNTIL_SURE = 5;

  private final AdminClient admin;
  private final Instant since;
  private int looks;

  /**
   * Those since a rollback.
   *
   * @param pinned as the server told of it
   */
  Refusals(AdminClient admin, JsonNode pinned) {
    this.admin = admin;
    this.since = Instant.parse(pinned.path("since").asText());
  }

  /** A line for each, and what to do; none where nothing was refused. */
  List<String> lines() {
    looks++;
    List<String> lines = new ArrayList<>();
    for (JsonNode one : admin.get("/v1/quarantine").path("quarantine")) {
      boolean isNew = !Instant.parse(one.path("since").asText()).isBefore(since);
      if (isNew || looks > LOOKS_UNTIL_SURE) {
        lines.add(
            "%s refused %s %s: %s"
                .formatted(
                    one.path("proxy").asText(),
                    one.path("type").asText(),
                    one.path("name").asText(),
                    one.path("message").asText()));
      }
    }
    if (!lines.isEmpty()) {
      lines.add("it stays rolled back; 'sluice rollback --lift' ends that");
    }
    return lines;
  }
}
