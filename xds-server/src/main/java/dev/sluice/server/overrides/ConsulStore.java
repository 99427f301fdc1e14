package dev.sluice.server.overrides;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.catalog.SourceName;
import dev.sluice.server.consul.ConsulAnswer;
import dev.sluice.server.consul.ConsulClient;
import dev.sluice.server.consul.ConsulException;
import dev.sluice.server.overrides.RefusedException.Why;
import dev.sluice.source.DocumentReader;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.InstanceOverride;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Keys of a Consul data centre below those of its documents. They are written and removed by
 * check-and-set: nothing that somebody else wrote meanwhile is lost.
 */
public final class ConsulStore implements OverrideStore {
  private static final Duration LIMIT = Duration.ofSeconds(8);

  private final SourceName source;
  private final ConsulClient client;
  private final String prefix;
  private final DocumentReader reader;

  /**
   * A store in the keys that a source reads.
   *
   * @param client its own: it ends with the store
   * @param prefix of the keys of documents, with a slash at its end
   */
  public ConsulStore(SourceName source, ConsulClient client, String prefix, DocumentReader reader) {
    this.source = source;
    this.client = client;
    this.prefix = prefix;
    this.reader = reader;
  }

  @Override
  public SourceName source() {
    return source;
  }

  @Override
  public String place(DocumentKey key, Optional<InstanceOverride> before, Optional<String> beside) {
    return before
        .map(this::place)
        .orElse(prefix + "overrides/" + key.namespace() + "/" + key.name() + ".yaml");
  }

  /** The key of a document that was read: problems name it after its source. */
  private String place(InstanceOverride document) {
    return document.origin().start().file().substring(source.toString().length() + 1);
  }

  @Override
  public Drain write(Drain drain, Optional<InstanceOverride> before, Optional<String> beside) {
    String place = place(drain.key(), before, beside);
    long index = index(place, drain.key());
    done(
        answer(
            client.put(
                ConsulClient.ofKey(place),
                Map.of("cas", Long.toString(index)),
                drain.yaml(),
                LIMIT),
            "write",
            place),
        place);
    return drain;
  }

  @Override
  public void remove(InstanceOverride written) {
    String place = place(written);
    long index = index(place, written.key());
    if (index > 0) {
      done(
          answer(
              client.delete(ConsulClient.ofKey(place), Map.of("cas", Long.toString(index)), LIMIT),
              "remove",
              place),
          place);
    }
  }

  /** The edition of a key of ours, 0 where it is not there. */
  private long index(String place, DocumentKey key) {
    ConsulAnswer answer = answer(client.get(ConsulClient.ofKey(place), LIMIT), "read", place);
    if (answer.body().length == 0) {
      return 0;
    }
    try {
      JsonNode one = new ObjectMapper().readTree(answer.body()).path(0);
      byte[] value = Base64.getDecoder().decode(one.path("Value").asText(""));
      Sole.check(source + "/" + place, new String(value, StandardCharsets.UTF_8), key, reader);
      return one.path("ModifyIndex").asLong();
    } catch (IOException | IllegalArgumentException e) {
      throw new RefusedException(
          Why.STORE, "%s: what Consul says of the key %s cannot be read".formatted(source, place));
    }
  }

  private void done(String answer, String place) {
    if (!answer.strip().equals("true")) {
      throw new RefusedException(
          Why.CONFLICT,
          "%s: somebody else wrote the key %s at the same moment; run the command again"
              .formatted(source, place));
    }
  }

  private <T> T answer(CompletableFuture<T> asked, String verb, String place) {
    try {
      return asked.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefusedException(Why.UNAVAILABLE, "the server is stopping; ask another one");
    } catch (ExecutionException e) {
      String words =
          e.getCause() instanceof ConsulException problem
              ? problem.isForbidden()
                  ? "Consul does not let the token do this; grant it key:read and key:write on "
                      + prefix
                  : problem.getMessage()
              : String.valueOf(e.getCause());
      throw new RefusedException(
          Why.STORE, "%s: cannot %s the key %s: %s".formatted(source, verb, place, words));
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
