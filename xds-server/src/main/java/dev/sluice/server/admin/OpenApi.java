package dev.sluice.server.admin;

import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The OpenAPI document of the admin API.
 *
 * @param text in YAML
 */
record OpenApi(String text) {
  private static final String RESOURCE = "openapi.yaml";

  /** The document of this version. */
  static OpenApi read() {
    try (InputStream in =
        Objects.requireNonNull(OpenApi.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      return new OpenApi(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void addTo(RoutesConfig routes) {
    routes.get("/v1/openapi.yaml", context -> context.contentType("application/yaml").result(text));
  }
}
