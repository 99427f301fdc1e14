package dev.sluice.server.settings;

import dev.sluice.server.transport.TlsFiles;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who may use the admin API, and how the way there is secured.
 *
 * @param tls the files of its TLS; null for plain text
 * @param tokens who may use it; empty for whoever can connect
 */
public record AdminAccess(@Nullable TlsFiles tls, List<AdminToken> tokens) {
  /** Plain text, and no tokens: for loopback alone. */
  public static final AdminAccess OPEN = new AdminAccess(null, List.of());

  public AdminAccess {
    tokens = List.copyOf(tokens);
  }

  /** Why the admin API may not listen there, if so: it tells all to whoever may ask. */
  public Optional<String> wrongAt(HostPort address) {
    if (address.isLoopback() || (tls != null && !tokens.isEmpty())) {
      return Optional.empty();
    }
    String missing =
        tls == null
            ? tokens.isEmpty() ? "admin.tls and admin.tokens" : "admin.tls"
            : "admin.tokens";
    return Optional.of(
        ("the admin API tells all that the server knows, so on %s, where other machines connect, it"
                + " needs %s in the configuration; write them, or such as 127.0.0.1:%d")
            .formatted(address, missing, address.port()));
  }
}
