package dev.sluice.server.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time, or for how long something goes on by now. */
final class SinceConverter implements ITypeConverter<Instant> {
  private static final Pattern AGE = Pattern.compile("(\\d{1,6})([smhd])");

  @Override
  public Instant convert(String text) {
    Matcher age = AGE.matcher(text);
    try {
      return age.matches()
          ? Instant.now().minus(unit(age.group(2)).multipliedBy(Long.parseLong(age.group(1))))
          : Instant.parse(text);
    } catch (DateTimeException _) {
      throw new TypeConversionException(
          "\""
              + text
              + "\" is no time; write 2026-01-31T12:00:00Z, or an age such as 90s, 15m, 2h");
    }
  }

  private static Duration unit(String letter) {
    return switch (letter) {
      case "s" -> Duration.ofSeconds(1);
      case "m" -> Duration.ofMinutes(1);
      case "h" -> Duration.ofHours(1);
      default -> Duration.ofDays(1);
    };
  }
}
