package dev.sluice.server.conditions;

import dev.sluice.server.kubernetes.Definitions;
import dev.sluice.server.kubernetes.Leadership;
import dev.sluice.spec.DocumentKey;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to a cluster's custom resources what became of them: where it differs from what was
 * written, at most once a second each, by server-side apply, and only while this server leads.
 *
 * <p>One thread, named {@code conditions-…}, does everything.
 */
public final class StatusWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
  private static final String FIELD_MANAGER = "sluice";
  private static final long PERIOD_SECONDS = 1;
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

  private final String cluster;
  private final KubernetesClient client;
  private final Standings standings;
  private final Leadership leadership;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  /** What was written of a document, as long as this server leads. */
  private final Map<DocumentKey, Standing> written = new HashMap<>();

  private String failure = "";

  /**
   * A writer that does not run yet.
   *
   * @param cluster how the cluster is called
   * @param client its own: it ends with the writer
   * @param standings how the documents stand
   * @param leadership whether it may write
   */
  public StatusWriter(
      String cluster, KubernetesClient client, Standings standings, Leadership leadership) {
    this.cluster = cluster;
    this.client = client;
    this.standings = standings;
    this.leadership = leadership;
    this.thread = Thread.ofPlatform().name("conditions-" + cluster).daemon().unstarted(this::run);
  }

  /** Starts to write. */
  public void start() {
    leadership.start();
    thread.start();
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      if (!thread.join(CLOSE_WAIT)) {
        LOG.warn("an API server of {} does not answer; its Lease may not be given back", cluster);
        client.close();
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    leadership.close();
    client.close();
  }

  private void run() {
    try {
      while (!closed.await(PERIOD_SECONDS, TimeUnit.SECONDS)) {
        if (leadership.isLeader()) {
          tryWrite();
        } else {
          written.clear();
        }
      }
    } catch (InterruptedException e) {
      LOG.error("no statuses are written to {} any more", cluster, e);
    }
  }

  private void tryWrite() {
    try {
      SortedMap<DocumentKey, Standing> current = standings.current();
      written.keySet().retainAll(current.keySet());
      String wrong = "";
      for (Map.Entry<DocumentKey, Standing> one : current.entrySet()) {
        boolean isNew = !one.getValue().equals(written.get(one.getKey()));
        if (isNew && closed.getCount() > 0 && leadership.isLeader()) {
          String failed = tryWrite(one.getKey(), one.getValue());
          wrong = wrong.isEmpty() ? failed : wrong;
        }
      }
      tell(wrong);
    } catch (RuntimeException e) {
      LOG.error("statuses cannot be written to {}; trying again", cluster, e);
    }
  }

  /** Writes one status; gives why it could not be written, so that the others are all the same. */
  private String tryWrite(DocumentKey key, Standing standing) {
    try {
      if (write(key, standing)) {
        written.put(key, standing);
      }
      return "";
    } catch (KubernetesClientException e) {
      return key
          + ": "
          + (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
              ? "it is forbidden (403); grant get on the kind and patch on its status"
              : String.valueOf(e.getMessage()));
    }
  }

  private void tell(String now) {
    if (!now.equals(failure) && !now.isEmpty()) {
      LOG.error("a status cannot be written to {}, trying again: {}", cluster, now);
    }
    failure = now;
  }

  /** Whether it was written: not to an object that went, or came anew, meanwhile. */
  private boolean write(DocumentKey key, Standing standing) {
    Resource<GenericKubernetesResource> objects =
        client
            .genericKubernetesResources(Definitions.of(key.kind().toString()))
            .inNamespace(key.namespace())
            .withName(key.name());
    @Nullable GenericKubernetesResource before = objects.get();
    if (before == null || !standing.uid().equals(before.getMetadata().getUid())) {
      return false;
    }
    GenericKubernetesResource status = new GenericKubernetesResource();
    status.setApiVersion(before.getApiVersion());
    status.setKind(before.getKind());
    status.setMetadata(
        new ObjectMetaBuilder().withName(key.name()).withNamespace(key.namespace()).build());
    status.setAdditionalProperty("status", StatusObject.of(standing, before, Instant.now()));
    client
        .resource(status)
        .subresource("status")
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(FIELD_MANAGER)
                .withForce(true)
                .build());
    return true;
  }
}
