package dev.sluice.server.cli;

import dev.sluice.node.InboundPort;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 8080:80}: the port that a sidecar listens on, and its application's. */
final class InboundPortConverter implements ITypeConverter<InboundPort> {
  private static final Pattern FORM = Pattern.compile("(\\d{1,5}):(\\d{1,5})");

  @Override
  public InboundPort convert(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new TypeConversionException(
          "\"" + text + "\" is not LISTEN:APPLICATION; write such as 15006:8080");
    }
    return new InboundPort(port(form.group(1)), port(form.group(2)));
  }

  static int port(String text) {
    int port = Integer.parseInt(text);
    if (port < 1 || port > 65535) {
      throw new TypeConversionException("port " + port + " is not within 1..65535");
    }
    return port;
  }
}
