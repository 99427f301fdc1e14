package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.server.settings.GivenSettings;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LogOptionsTest {
  @Test
  void whatGrpcLogsGoesToTheLogFromWarningsOn() {
    LogOptions.apply(GivenSettings.NONE);
    Logger grpc = (Logger) LoggerFactory.getLogger("io.grpc");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    grpc.addAppender(lines);
    try {
      java.util.logging.Logger transport = java.util.logging.Logger.getLogger("io.grpc.netty.Some");
      transport.log(Level.INFO, "Transport failed");
      transport.log(Level.WARNING, "something to look at");
    } finally {
      grpc.detachAppender(lines);
    }

    assertThat(lines.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly("something to look at");
  }
}
