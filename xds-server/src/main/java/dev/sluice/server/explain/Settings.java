package dev.sluice.server.explain;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a request meets, by the names that policies have for it; put in the order of the way. */
final class Settings {
  private final Map<String, String> values = new LinkedHashMap<>();

  /** All that were put; not modifiable. */
  Map<String, String> values() {
    return Collections.unmodifiableMap(values);
  }

  void put(String name, String value) {
    values.put(name, value);
  }

  void put(String name, long value) {
    values.put(name, Long.toString(value));
  }

  void put(String name, Duration time) {
    values.put(name, text(time));
  }

  /** As documents write times. */
  static String text(Duration time) {
    BigDecimal millis =
        BigDecimal.valueOf(Durations.toNanos(time)).movePointLeft(6).stripTrailingZeros();
    boolean seconds = millis.remainder(BigDecimal.valueOf(1_000)).signum() == 0;
    return seconds ? millis.movePointLeft(3).toBigInteger() + "s" : millis.toPlainString() + "ms";
  }

  /** The message of that class that is packed, if it is one. */
  static <T extends Message> Optional<T> unpacked(Any any, Class<T> type) {
    try {
      return any.is(type) ? Optional.of(any.unpack(type)) : Optional.empty();
    } catch (InvalidProtocolBufferException _) {
      return Optional.empty();
    }
  }
}
