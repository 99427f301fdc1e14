package dev.sluice.server.overrides;

import dev.sluice.catalog.SourceName;
import dev.sluice.server.catalog.CatalogImage;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import dev.sluice.spec.InstanceOverride;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * The drains of a namespace as the stores have them by now: what was just written or removed, by
 * whatever server, is among them before its source has read it.
 *
 * @param namespace whose they are
 * @param drains by store; those that could not be looked into are not among them
 * @param image what the sources have read
 * @param unseen why a store could not be looked into
 */
record Kept(
    String namespace,
    NavigableMap<SourceName, List<InstanceOverride>> drains,
    CatalogImage image,
    List<String> unseen) {
  private static final long PATIENCE_SECONDS = 4;

  /** Looks into all stores at once. */
  static Kept of(List<OverrideStore> stores, String namespace, CatalogImage image) {
    NavigableMap<SourceName, CompletableFuture<List<InstanceOverride>>> asked = new TreeMap<>();
    for (OverrideStore store : stores) {
      List<InstanceOverride> known = known(store.source(), namespace, image);
      asked.put(
          store.source(),
          CompletableFuture.supplyAsync(
              () -> store.drains(namespace, known), Thread::startVirtualThread));
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    NavigableMap<SourceName, List<InstanceOverride>> drains = new TreeMap<>();
    List<String> unseen = new ArrayList<>();
    asked.forEach(
        (source, answer) -> {
          try {
            drains.put(source, answer.get(end - System.nanoTime(), TimeUnit.NANOSECONDS));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            unseen.add(source + ": the server is stopping");
          } catch (TimeoutException e) {
            unseen.add("%s: no answer within %ds".formatted(source, PATIENCE_SECONDS));
          } catch (ExecutionException e) {
            unseen.add(String.valueOf(Objects.requireNonNullElse(e.getCause(), e).getMessage()));
          }
        });
    return new Kept(namespace, drains, image, unseen);
  }

  private static List<InstanceOverride> known(
      SourceName source, String namespace, CatalogImage image) {
    return image.documents().all().values().stream()
        .filter(it -> it.key().namespace().equals(namespace))
        .filter(InstanceOverride.class::isInstance)
        .map(InstanceOverride.class::cast)
        .filter(Drain::wrote)
        .filter(it -> image.holder(it.key()).filter(source::equals).isPresent())
        .toList();
  }

  /** The documents, and what is kept beside them. */
  Documents with(Documents documents) {
    return with(documents, _ -> true);
  }

  private Documents with(Documents documents, Predicate<InstanceOverride> counts) {
    Documents all = documents;
    for (Map.Entry<SourceName, List<InstanceOverride>> store : drains.entrySet()) {
      for (InstanceOverride drain : store.getValue()) {
        boolean hidden =
            all.document(drain.key()).isPresent()
                && image.holder(drain.key()).filter(it -> !it.equals(store.getKey())).isPresent();
        if (!hidden && counts.test(drain)) {
          all = all.with(drain);
        }
      }
    }
    return all;
  }

  /** The documents as they will be once the sources have read what is kept. */
  Documents over(Documents documents) {
    return over(documents, _ -> true);
  }

  /**
   * The same.
   *
   * @param counts of those that are kept
   */
  Documents over(Documents documents, Predicate<InstanceOverride> counts) {
    Documents left = documents;
    for (Document document : documents.all().values()) {
      if (document instanceof InstanceOverride drain && Drain.wrote(drain) && isGone(held(drain))) {
        left = left.without(drain.key());
      }
    }
    return with(left, counts);
  }

  /** Whether the store from which a document was read has it no more. */
  boolean isGone(Held drain) {
    return drain.key().namespace().equals(namespace)
        && drain
            .source()
            .map(drains::get)
            .filter(all -> all.stream().noneMatch(it -> it.key().equals(drain.key())))
            .isPresent();
  }

  /** The document of that key as it is kept, or was read where that cannot be seen. */
  Optional<Held> find(DocumentKey key) {
    return over(image.documents())
        .document(key)
        .filter(InstanceOverride.class::isInstance)
        .map(it -> held((InstanceOverride) it));
  }

  /** Overrides with where they are. */
  List<Held> held(Collection<InstanceOverride> overrides) {
    return overrides.stream().map(this::held).toList();
  }

  private Held held(InstanceOverride override) {
    return new Held(
        override,
        keeper(override).or(() -> image.holder(override.key())),
        Drain.edition(override.spec()));
  }

  private Optional<SourceName> keeper(InstanceOverride override) {
    return drains.entrySet().stream()
        .filter(it -> it.getValue().contains(override))
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
