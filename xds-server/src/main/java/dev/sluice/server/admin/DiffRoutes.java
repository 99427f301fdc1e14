package dev.sluice.server.admin;

import dev.sluice.server.diff.Diffs;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What documents would change: {@code POST /v1/diff}, which changes nothing itself. */
public record DiffRoutes(Diffs diffs) implements AdminRoutes {
  static final String PATH = "/v1/diff";

  /** Of all documents together, as JSON has them. */
  public static final int MOST_BYTES = 16 << 20;

  @Override
  public void addTo(RoutesConfig routes) {
    routes.post(PATH, AdminRoutes.refusing(this::diff), Reads.ONLY);
  }

  private void diff(Context context) {
    OwnPages.check(context);
    OwnPages.checkJson(context);
    HttpListener.answer(context, DiffJson.of(diffs.of(DiffJson.request(body(context)))));
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
