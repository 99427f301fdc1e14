package dev.sluice.server.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.policy.parse.DocumentTree;
import dev.sluice.problem.Location;
import dev.sluice.source.DocumentReader;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.Origin;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A document as it is kept: its text, and where it was read.
 *
 * @param json the document
 * @param file where it was read
 * @param line there
 * @param column there
 * @param generation its edition, where its source counts them
 * @param since from when the time of an InstanceOverride counts
 */
public record DocumentText(
    String json, String file, int line, int column, long generation, @Nullable Instant since) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int HASH_BYTES = 16;

  public DocumentText {
    Objects.requireNonNull(json);
    Objects.requireNonNull(file);
  }

  /** The text of {@code document}. */
  public static DocumentText of(Document document) {
    try {
      Origin origin = document.origin();
      return new DocumentText(
          JSON.writeValueAsString(DocumentTree.of(document)),
          origin.start().file(),
          origin.start().line(),
          origin.start().column(),
          origin.generation(),
          document instanceof InstanceOverride override ? override.since() : null);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a document is made of what JSON has", e);
    }
  }

  /** The document; empty where this version would not take it. */
  public Optional<Document> document(DocumentReader reader) {
    Origin origin = new Origin(new Location(file, line, column), Map.of(), generation);
    return reader.readJson(file, json).items().stream()
        .flatMap(item -> item.document().stream())
        .findFirst()
        .map(document -> document.at(origin))
        .map(
            document ->
                document instanceof InstanceOverride override && since != null
                    ? override.startingAt(since)
                    : document);
  }

  /** What the document is known by, also where this version would not take it. */
  public Optional<DocumentKey> key() {
    try {
      JsonNode tree = JSON.readTree(json);
      JsonNode metadata = tree.path("metadata");
      return Keys.key(
          tree.path("kind").asText(),
          metadata.path("namespace").asText("default"),
          metadata.path("name").asText());
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Names the text: equal texts have equal ones. */
  String hash() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(json.getBytes(StandardCharsets.UTF_8));
      digest.update(
          "\n%s:%d:%d %d %s"
              .formatted(file, line, column, generation, since)
              .getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(), HASH_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java runtime has SHA-256", e);
    }
  }
}
