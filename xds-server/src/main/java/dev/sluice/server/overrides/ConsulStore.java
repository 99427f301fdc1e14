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
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
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
  public Removal remove(InstanceOverride written) {
    String place = place(written);
    long index = index(place, written.key());
    if (index == 0) {
      return Removal.GONE_ALREADY;
    }
    done(
        answer(
            client.delete(ConsulClient.ofKey(place), Map.of("cas", Long.toString(index)), LIMIT),
            "remove",
            place),
        place);
    return Removal.REMOVED;
  }

  @Override
  public List<InstanceOverride> drains(String namespace, Collection<InstanceOverride> known) {
    SortedMap<DocumentKey, InstanceOverride> drains = new TreeMap<>();
    String folder = prefix + "overrides/" + namespace + "/";
    List<Entry> entries = new ArrayList<>();
    known.stream()
        .map(this::place)
        .filter(place -> !place.startsWith(folder))
        .distinct()
        .forEach(place -> entries.addAll(entries(place, "")));
    entries.addAll(entries(folder, "?recurse"));
    for (Entry entry : entries) {
      Sole.drains(source + "/" + entry.key(), entry.value(), reader).stream()
          .filter(it -> it.key().namespace().equals(namespace))
          .forEach(it -> drains.putIfAbsent(it.key(), it));
    }
    return List.copyOf(drains.values());
  }

  /** A key as it is by now. */
  private record Entry(String key, String value, long index) {}

  /** The edition of a key of ours, 0 where it is not there. */
  private long index(String place, DocumentKey key) {
    for (Entry one : entries(place, "")) {
      Sole.check(source + "/" + place, one.value(), key, reader);
      return one.index();
    }
    return 0;
  }

  /** What the leader has; a follower that lags might not have what was just written. */
  private List<Entry> entries(String place, String query) {
    ConsulAnswer answer =
        answer(client.getLatest(ConsulClient.ofKey(place) + query, LIMIT), "read", place);
    if (answer.body().length == 0) {
      return List.of();
    }
    List<Entry> entries = new ArrayList<>();
    try {
      for (JsonNode one : new ObjectMapper().readTree(answer.body())) {
        byte[] value = Base64.getDecoder().decode(one.path("Value").asText(""));
        entries.add(
            new Entry(
                one.path("Key").asText(place),
                new String(value, StandardCharsets.UTF_8),
                one.path("ModifyIndex").asLong()));
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new RefusedException(
          Why.STORE, "%s: what Consul says of the key %s cannot be read".formatted(source, place));
    }
    return entries;
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
