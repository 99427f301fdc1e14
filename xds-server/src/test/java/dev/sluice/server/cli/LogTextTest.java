package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The text form of the log, as logback.xml has it. */
class LogTextTest {
  @Test
  void whatOthersWriteStaysOnTheLineOfItsMessage() throws Exception {
    LoggerContext context = new LoggerContext();
    context.putProperty("sluice.log.form", "text");
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(Objects.requireNonNull(LogTextTest.class.getResource("/logback.xml")));
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    OutputStreamAppender<ILoggingEvent> text =
        (OutputStreamAppender<ILoggingEvent>) root.getAppender("text");
    LoggingEvent event =
        new LoggingEvent(
            "",
            context.getLogger("dev.sluice.Some"),
            Level.WARN,
            "{} refused",
            new IllegalStateException("because"),
            new Object[] {"a\033[31m\u009b\r\nERROR b\u2028c\u202ed"});

    String line = new String(text.getEncoder().encode(event), StandardCharsets.UTF_8);

    assertThat(line.lines().toList())
        .satisfies(
            lines ->
                assertThat(lines.getFirst()).endsWith("WARN  Some: a [31m   ERROR b c d refused"))
        .hasSizeGreaterThan(2)
        .anySatisfy(frame -> assertThat(frame).startsWith("\tat "));
  }
}
