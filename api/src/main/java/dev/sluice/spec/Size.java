package dev.sluice.spec;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes, written {@code 512}, {@code 64Ki} or {@code 1Mi}.
 *
 * @param bytes 0 to 2^32-1, as far as Envoy's fields reach
 */
@Scalar
public record Size(long bytes) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,10})(Ki|Mi|Gi)?");
  private static final long MOST = 0xFFFF_FFFFL;

  public Size {
    if (bytes < 0 || bytes > MOST) {
      throw new IllegalArgumentException("size is not within 0..4Gi-1");
    }
  }

  /** Reads a number of bytes with an optional unit. */
  public static Size parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a size; write bytes with Ki, Mi or Gi, such as 64Ki");
    }
    long number = Long.parseLong(form.group(1));
    long unit =
        switch (form.group(2)) {
          case "Ki" -> 1L << 10;
          case "Mi" -> 1L << 20;
          case "Gi" -> 1L << 30;
          case null, default -> 1;
        };
    if (number > MOST / unit) {
      throw new IllegalArgumentException(text + " is too large; the most is 4Gi-1 bytes");
    }
    return new Size(number * unit);
  }

  @Override
  public String toString() {
    if (bytes != 0 && bytes % (1L << 20) == 0) {
      return (bytes >> 20) + "Mi";
    }
    return bytes != 0 && bytes % (1L << 10) == 0 ? (bytes >> 10) + "Ki" : Long.toString(bytes);
  }
}
