package dev.sluice.catalog;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A port that a service is called on.
 *
 * @param name unique within the service; may be empty where the service has one port only
 * @param number what callers dial, 1 to 65535
 * @param protocol what the source says it speaks; null where it says nothing
 */
public record ServicePort(String name, int number, @Nullable Protocol protocol) {
  public ServicePort {
    Objects.requireNonNull(name);
    if (number < 1 || number > 65535) {
      throw new IllegalArgumentException("port " + number + " is not within 1..65535");
    }
  }
}
