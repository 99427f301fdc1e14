package dev.sluice.spec;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.routes[].respond}: the proxy answers by itself ({@code
 * envoy.config.route.v3.DirectResponseAction}).
 *
 * @param status 200 to 599
 * @param body at most 4096 bytes of UTF-8, sent as text/plain; null for none
 */
public record Respond(@Required Integer status, @Nullable String body) {
  public Respond {
    Objects.requireNonNull(status);
  }
}
