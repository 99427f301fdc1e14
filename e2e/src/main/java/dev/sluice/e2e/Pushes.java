package dev.sluice.e2e;

import dev.sluice.server.admin.ControlPlane;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The responses that a server has sent since its start, as its metrics have them; types of which
 * there were none are left out.
 *
 * @param responses how many, by type, such as {@code CDS}
 * @param bytes their size, by type
 */
public record Pushes(Map<String, Long> responses, Map<String, Long> bytes) {
  private static final String LINE = "(?m)^%s\\{type=\"([A-Z]+)\"\\} ([0-9.E]+)$";
  private static final Pattern RESPONSES =
      Pattern.compile(LINE.formatted("sluice_xds_pushes_total"));
  private static final Pattern BYTES =
      Pattern.compile(LINE.formatted("sluice_xds_pushed_bytes_total"));

  /** What a server of this JVM has sent. */
  static Pushes of(ControlPlane server) {
    return of(server.adminAddress().getPort());
  }

  /** What the server has sent that has its admin API at this loopback port. */
  public static Pushes of(int port) {
    Answer answer = TrafficClient.to(port, "127.0.0.1:" + port).at("/metrics").once();
    if (!answer.ok() || !RESPONSES.matcher(answer.body()).find()) {
      throw new AssertionError("no metrics: " + answer);
    }
    return new Pushes(of(RESPONSES, answer.body()), of(BYTES, answer.body()));
  }

  private static Map<String, Long> of(Pattern line, String page) {
    Map<String, Long> values = new TreeMap<>();
    Matcher matcher = line.matcher(page);
    while (matcher.find()) {
      long value = (long) Double.parseDouble(matcher.group(2));
      if (value != 0) {
        values.put(matcher.group(1), value);
      }
    }
    return values;
  }

  /** Those of them that were not among the earlier ones. */
  public Pushes since(Pushes earlier) {
    return new Pushes(difference(responses, earlier.responses), difference(bytes, earlier.bytes));
  }

  private static Map<String, Long> difference(Map<String, Long> now, Map<String, Long> then) {
    Map<String, Long> more = new TreeMap<>();
    now.forEach(
        (type, value) -> {
          long difference = value - then.getOrDefault(type, 0L);
          if (difference != 0) {
            more.put(type, difference);
          }
        });
    return more;
  }
}
