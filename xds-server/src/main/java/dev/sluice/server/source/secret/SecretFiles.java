package dev.sluice.server.source.secret;

import dev.sluice.catalog.SourceName;
import dev.sluice.secret.SecretId;
import dev.sluice.secret.TlsSecret;
import dev.sluice.server.source.SourceThread;
import dev.sluice.server.source.StatusReport;
import dev.sluice.server.source.secret.SecretScan.Look;
import dev.sluice.source.Source;
import dev.sluice.source.SourceEntry.OfSecret;
import dev.sluice.source.SourceEntry.SecretKey;
import dev.sluice.source.SourceSink;
import dev.sluice.source.SourceStatus.State;
import dev.sluice.source.SourceUpdate;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Secrets in directories: {@code DIR/NAMESPACE/NAME/} with {@code tls.crt} and {@code tls.key},
 * {@code ca.crt}, or all three, as Kubernetes mounts a {@code kubernetes.io/tls} secret and as
 * certificate tools write.
 *
 * <p>It looks at everything once a second. A secret counts once Envoy can use it: certificates that
 * can be read, a key that is the first one's. Until then the last good one stays, and the status
 * says why.
 */
public final class SecretFiles implements Source {
  private static final Logger LOG = LoggerFactory.getLogger(SecretFiles.class);
  private static final Duration POLL = Duration.ofSeconds(1);

  private final SourceName name;
  private final SecretScan scan;
  private final Duration poll;
  private final CountDownLatch closed = new CountDownLatch(1);
  private boolean synced;
  private final SourceThread thread;

  /**
   * A source of the secrets in {@code directories}.
   *
   * @param name which source of secrets this is
   */
  public SecretFiles(String name, List<Path> directories) {
    this(name, directories, POLL);
  }

  SecretFiles(String name, List<Path> directories, Duration poll) {
    this.name = new SourceName("file", name);
    this.thread = new SourceThread(this.name);
    this.scan = new SecretScan(directories);
    this.poll = poll;
  }

  @Override
  public SourceName name() {
    return name;
  }

  @Override
  public void start(SourceSink sink) {
    thread.start("secret-files-" + name.name(), () -> run(sink));
  }

  @Override
  public void close() {
    closed.countDown();
    thread.awaitEnd();
  }

  private void run(SourceSink sink) {
    StatusReport report = new StatusReport(name, sink, LOG);
    try {
      do {
        try {
          look(sink, report, Instant.now());
        } catch (RuntimeException e) {
          LOG.error("{} failed and tries again; what it told stays", name, e);
        }
      } while (!closed.await(poll.toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      LOG.error("{} was interrupted and ends; its last good state stays", name, e);
    }
  }

  private void look(SourceSink sink, StatusReport report, Instant now) {
    Look look = scan.look(now);
    List<SourceUpdate> updates = new ArrayList<>(look.updates());
    boolean first = !synced && look.unknown().isEmpty();
    if (first) {
      synced = true;
      updates.add(new SourceUpdate.Synced());
    }
    updates.forEach(this::log);
    sink.accept(name, updates);
    status(report, look, now);
  }

  private void log(SourceUpdate update) {
    switch (update) {
      case SourceUpdate.Upsert(OfSecret(TlsSecret secret)) -> LOG.info("{}: {} set", name, secret);
      case SourceUpdate.Remove(SecretKey(SecretId id)) ->
          LOG.info("{}: secret {} removed", name, id);
      default -> {} // It tells nothing else that is worth a line.
    }
  }

  private void status(StatusReport report, Look look, Instant now) {
    State state = look.unknown().isEmpty() ? State.SYNCED : synced ? State.STALE : State.STARTING;
    String message =
        look.unknown().isEmpty()
            ? null
            : look.unknown().entrySet().stream()
                .map(entry -> "the directory " + entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining("; "));
    report.tell(state, message, look.problems(), now);
  }
}
