package dev.sluice.server.explain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ExplainTest} of the end-to-end tests asks a real Envoy for most of them. */
class NormalPathTest {
  @ParameterizedTest
  @CsvSource({
    "/api, /api",
    "/api/../shop, /shop",
    "/api/./v1, /api/v1",
    "/api/.., /",
    "/api/v1/.., /api/",
    "/api/v1/., /api/v1/",
    "/../api, /api",
    "/api/%2e%2E/shop, /shop",
    "/api/.hidden, /api/.hidden",
    "/api/..., /api/...",
    "/a../b, /a../b",
    "/%61pi, /api",
    "/%7Ex, /~x",
    "/a%2Fb, /a%2Fb",
    "/a%2fb, /a%2fb",
    "/a%20b, /a%20b",
    "/a%zzb, /a%zzb",
    "/a//../b, /a/b",
    "/a\\b, /a/b",
    "/a|b, /a%7Cb",
    "/api/../x?y=/../z, /x?y=/../z"
  })
  void paths(String path, String normal) {
    assertThat(NormalPath.of(path)).contains(normal);
  }

  @Test
  void aPathWithAnEscapedZeroIsRefused() {
    assertThat(NormalPath.of("/a%00b")).isEmpty();
  }
}
