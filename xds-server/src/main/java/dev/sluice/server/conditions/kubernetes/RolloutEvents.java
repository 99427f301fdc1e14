package dev.sluice.server.conditions.kubernetes;

import dev.sluice.server.conditions.Announcements;
import dev.sluice.server.conditions.StoreException;
import dev.sluice.server.kubernetes.Definitions;
import dev.sluice.spec.DocumentKey;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events of {@code events.k8s.io/v1} about custom resources. One thread, named {@code events},
 * sends them; what comes faster than the API server takes it is left out.
 */
public final class RolloutEvents implements Announcements {
  private static final Logger LOG = LoggerFactory.getLogger(RolloutEvents.class);
  private static final int MOST_WAITING = 100;
  private static final int LONGEST_NOTE = 1024;
  private static final int LONGEST_INSTANCE = 128;
  private static final String GRANT = "create on events.events.k8s.io";
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final KubernetesClient client;
  private final String identity;
  private final Function<DocumentKey, Optional<String>> uids;
  private final ThreadPoolExecutor sending =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          Thread.ofPlatform().name("events").daemon().factory());
  private volatile boolean isFailing;

  /**
   * Events that this server sends.
   *
   * @param identity who it is
   * @param uids the uid of a custom resource, by its key
   */
  public RolloutEvents(
      KubernetesClient client, String identity, Function<DocumentKey, Optional<String>> uids) {
    this.client = client;
    this.identity = identity.substring(0, Math.min(identity.length(), LONGEST_INSTANCE));
    this.uids = uids;
  }

  @Override
  public void tell(DocumentKey document, Tone tone, String reason, String words) {
    Event event = event(document, tone, reason, words);
    try {
      sending.execute(() -> send(event));
    } catch (RejectedExecutionException e) {
      tellOnce("more than " + MOST_WAITING + " wait, so some are left out");
    }
  }

  private Event event(DocumentKey document, Tone tone, String reason, String words) {
    String kind = document.kind().toString();
    return new EventBuilder()
        .withNewMetadata()
        .withGenerateName(document.name() + "-")
        .withNamespace(document.namespace())
        .endMetadata()
        .withEventTime(new MicroTime(MICROS.format(Instant.now())))
        .withReportingController("sluice.dev/sluice")
        .withReportingInstance(identity)
        .withAction("Rollout")
        .withReason(reason)
        .withType(
            switch (tone) {
              case NORMAL -> "Normal";
              case WARNING -> "Warning";
            })
        .withRegarding(
            new ObjectReferenceBuilder()
                .withApiVersion(Definitions.GROUP + "/v1")
                .withKind(kind)
                .withNamespace(document.namespace())
                .withName(document.name())
                .withUid(uids.apply(document).orElse(null))
                .build())
        .withNote(words.substring(0, Math.min(words.length(), LONGEST_NOTE)))
        .build();
  }

  private void send(Event event) {
    try {
      var _ = client.events().v1().events().resource(event).create();
      isFailing = false;
    } catch (KubernetesClientException e) {
      StoreException why = Failures.of(e, GRANT);
      tellOnce(why.getMessage());
    }
  }

  private void tellOnce(String now) {
    if (!isFailing) {
      LOG.warn("events of rollouts cannot be sent: {}", now);
    }
    isFailing = true;
  }

  @Override
  public void close() {
    sending.shutdownNow();
  }
}
