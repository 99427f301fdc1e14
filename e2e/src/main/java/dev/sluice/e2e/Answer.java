package dev.sluice.e2e;

import java.util.Map;
import java.util.Objects;

/**
 * What became of one request.
 *
 * @param sentNanos when it was sent, in {@link System#nanoTime}
 * @param doneNanos when its last byte was read, or it failed
 * @param status the HTTP status; 0 where no answer came
 * @param headers of the answer, names in lower case
 * @param body of the answer, or why none came
 */
public record Answer(
    long sentNanos, long doneNanos, int status, Map<String, String> headers, String body) {
  public Answer {
    headers = Map.copyOf(headers);
    Objects.requireNonNull(body);
  }

  static Answer none(long sentNanos, Exception why) {
    return new Answer(sentNanos, System.nanoTime(), 0, Map.of(), why.toString());
  }

  /** The version of the instance that answered; empty for an answer of the proxy's own. */
  public String version() {
    return headers.getOrDefault(TestBackend.VERSION_HEADER, "");
  }

  /** The instance that answered; empty for an answer of the proxy's own. */
  public String instance() {
    return headers.getOrDefault(TestBackend.INSTANCE_HEADER, "");
  }

  /** Whether an instance answered 200. */
  public boolean ok() {
    return status == 200;
  }
}
