package dev.sluice.server.source.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.sluice.secret.TlsSecret;
import dev.sluice.server.pem.TestPem;
import dev.sluice.server.source.RecordingSink;
import dev.sluice.source.SourceStatus;
import dev.sluice.source.SourceStatus.State;
import dev.sluice.source.SourceUpdate;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The source as the catalog sees it, with its own clock. */
class SecretFilesTest extends SecretDirectory {
  private final RecordingSink sink = new RecordingSink();
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final AppenderBase<ILoggingEvent> log =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.add(event.getLevel() + " " + event.getFormattedMessage());
        }
      };
  private @Nullable SecretFiles source;

  @BeforeEach
  void listen() {
    log.start();
    logger().addAppender(log);
  }

  @AfterEach
  void close() {
    logger().detachAppender(log);
    if (source != null) {
      source.close();
    }
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(SecretFiles.class);
  }

  private void start() {
    source = new SecretFiles("secrets", List.of(root), Duration.ofMillis(10));
    source.start(sink);
  }

  private @Nullable State state() {
    SourceStatus status = sink.status();
    return status == null ? null : status.state();
  }

  private @Nullable String message() {
    SourceStatus status = sink.status();
    return status == null ? null : status.message();
  }

  private @Nullable TlsSecret secret() {
    return sink.image().secrets().secret(SHOP).orElse(null);
  }

  @Test
  void itTellsWhatIsThereThenThatThisIsAllAndThenWhatChanges() throws IOException {
    Instant end = Instant.now().plus(Duration.ofDays(90)).truncatedTo(ChronoUnit.SECONDS);
    writePair(shop, TestPem.certificate(KEY, end), KEY);
    start();
    await().until(() -> state() == State.SYNCED);
    assertThat(sink.batches().getFirst()).hasSize(2).last().isEqualTo(new SourceUpdate.Synced());
    TlsSecret first = secret();

    writePair(shop, TestPem.certificate(RENEWED_KEY, end), RENEWED_KEY);

    await().until(() -> secret() != null && !Objects.equals(secret(), first));
    write(shop, "tls.key", "broken\n");
    await().until(() -> !sink.problems().isEmpty());
    assertThat(sink.problems().getFirst()).startsWith(shop + " $: the secret tls.key ");
    delete(shop);
    await().until(() -> secret() == null);
    await().until(() -> sink.problems().isEmpty());
    assertThat(state()).isEqualTo(State.SYNCED);
    assertThat(sink.updates()).filteredOn(SourceUpdate.Synced.class::isInstance).hasSize(1);
    assertThat(lines)
        .contains(
            "INFO file/secrets: secret edge/shop (certificate until " + end + ") set",
            "INFO file/secrets: secret edge/shop removed")
        .anyMatch(line -> line.startsWith("WARN file/secrets: " + shop + " $: the secret tls.key"));
    String said = lines + sink.statuses().toString() + sink.updates() + sink.image();
    for (String contents : List.of(TestPem.pkcs8(KEY), TestPem.pkcs8(RENEWED_KEY))) {
      assertThat(said).doesNotContain(contents.lines().toList().get(1));
    }
  }

  @Test
  void itIsNotDoneStartingBeforeItHasSeenEveryDirectory() throws IOException {
    Files.delete(root);
    start();
    await().until(() -> sink.status() != null);
    assertThat(state()).isEqualTo(State.STARTING);
    assertThat(message()).isEqualTo("the directory " + root + " does not exist");
    assertThat(sink.isSynced()).isFalse();

    Files.createDirectory(root);
    await().until(() -> state() == State.SYNCED);
    assertThat(sink.isSynced()).isTrue();
    assertThat(message()).isNull();

    writePair(shop, CERTIFICATE, KEY);
    await().until(() -> secret() != null);
    Files.move(root, temporary.resolve("aside"));
    await().until(() -> state() == State.STALE);
    assertThat(secret()).isNotNull();
    assertThat(lines)
        .contains("ERROR file/secrets goes on trying: the directory " + root + " does not exist");
  }

  @Test
  void aSourceThatWasClosedTellsNothing() throws IOException {
    start();
    await().until(sink::isSynced);
    close();
    int told = sink.batches().size();
    writePair(shop, CERTIFICATE, KEY);

    assertThat(Thread.getAllStackTraces().keySet())
        .as("threads that could tell it")
        .noneMatch(thread -> thread.getName().startsWith("secret-files-"));
    assertThat(sink.batches()).hasSize(told);
  }
}
