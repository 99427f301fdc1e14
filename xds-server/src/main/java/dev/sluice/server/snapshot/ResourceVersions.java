package dev.sluice.server.snapshot;

import java.util.Objects;

/**
 * The versions of one resource at one proxy.
 *
 * @param sent as it was sent last
 * @param acknowledged as the proxy uses it; empty when it has none
 */
public record ResourceVersions(String sent, String acknowledged) {
  public ResourceVersions {
    Objects.requireNonNull(sent);
    Objects.requireNonNull(acknowledged);
  }
}
