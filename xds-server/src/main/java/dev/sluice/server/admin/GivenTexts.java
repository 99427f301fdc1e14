package dev.sluice.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.server.diff.CandidateText;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The body of a request that gives documents.
 *
 * @param json all of it
 * @param documents the texts under {@code documents}
 */
public record GivenTexts(JsonNode json, List<CandidateText> documents) {
  /** Of all documents together, as JSON has them. */
  public static final int MOST_BYTES = 16 << 20;

  /** Where they are given. */
  private static final Set<String> PATHS = Set.of(DiffRoutes.PATH, DocumentRoutes.STANDING);

  public GivenTexts {
    Objects.requireNonNull(json);
    documents = List.copyOf(documents);
  }

  /** Whether a request may bring them; a slash at the end of its path leads to the same route. */
  static boolean areFor(Context context) {
    String path = context.path();
    return PATHS.contains(path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
  }

  /**
   * The body of a request.
   *
   * @param keys that it may have
   * @throws HttpResponseException when it is too large, or makes no sense
   */
  static GivenTexts of(Context context, List<String> keys) {
    JsonNode json = JsonBody.read(body(context), keys);
    List<CandidateText> texts = new ArrayList<>();
    for (JsonNode one : JsonBody.list(json, "documents")) {
      String file = one.path("file").textValue();
      String text = one.path("text").textValue();
      if (file == null || text == null) {
        throw new BadRequestResponse("each of documents has to have the texts file and text");
      }
      texts.add(new CandidateText(file, text));
    }
    return new GivenTexts(json, texts);
  }

  private static String body(Context context) {
    try (InputStream in = context.bodyInputStream()) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new HttpResponseException(
            HttpStatus.CONTENT_TOO_LARGE.getCode(),
            "the documents have more than %d MiB; ask about fewer at a time"
                .formatted(MOST_BYTES >> 20));
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
