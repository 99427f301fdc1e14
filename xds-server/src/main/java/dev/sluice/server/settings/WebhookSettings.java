package dev.sluice.server.settings;

import dev.sluice.server.transport.TlsFiles;
import java.util.Objects;

/**
 * How API servers ask whether an object may be stored.
 *
 * @param address where they connect; port 0 lets the system choose
 * @param tls what the server shows them; they show nothing
 */
public record WebhookSettings(HostPort address, TlsFiles tls) {
  public WebhookSettings {
    Objects.requireNonNull(address);
    Objects.requireNonNull(tls);
  }
}
