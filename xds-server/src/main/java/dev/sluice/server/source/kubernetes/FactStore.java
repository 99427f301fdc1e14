package dev.sluice.server.source.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An informer's cache that keeps of each object its resource version and the facts that are used. A
 * Pod of some kilobytes is some dozen bytes here, and an object whose facts are as before is no
 * change. Written by the informer, read by any thread.
 *
 * @param <T> the objects
 * @param <F> what is kept of each
 */
final class FactStore<T extends HasMetadata, F> implements ItemStore<T> {
  /** What the informer knows. */
  private final Map<String, String> versions = new ConcurrentHashMap<>();

  /** What readers see: an object that went is seen until {@link #gone} says how it went. */
  private final Map<String, F> facts = new ConcurrentHashMap<>();

  private final Supplier<T> empty;
  private final Function<T, F> reader;
  private final Consumer<String> changed;

  /**
   * An empty cache.
   *
   * @param empty makes an object without contents
   * @param reader what is kept of an object
   * @param changed is told the key of an object that is new, or whose facts differ
   */
  FactStore(Supplier<T> empty, Function<T, F> reader, Consumer<String> changed) {
    this.empty = empty;
    this.reader = reader;
    this.changed = changed;
  }

  /** The facts of an object; null where it is not known. */
  @Nullable F facts(String key) {
    return facts.get(key);
  }

  /** The keys of all objects. */
  Stream<String> keys() {
    return facts.keySet().stream();
  }

  /** Lets readers see that an object went, unless it has come again. */
  void gone(String key) {
    facts.computeIfPresent(key, (_, one) -> versions.containsKey(key) ? one : null);
  }

  /** The key of an object: {@code namespace/name}, or its name alone. */
  static String keyOf(HasMetadata object) {
    ObjectMeta metadata = object.getMetadata();
    return metadata.getNamespace() == null
        ? metadata.getName()
        : metadata.getNamespace() + "/" + metadata.getName();
  }

  @Override
  public String getKey(T object) {
    return keyOf(object);
  }

  @Override
  public @Nullable T put(String key, T object) {
    F now = reader.apply(object);
    String version = Objects.requireNonNullElse(object.getMetadata().getResourceVersion(), "");
    String before = versions.put(key, version);
    if (!now.equals(facts.put(key, now))) {
      changed.accept(key);
    }
    return before == null ? null : skeleton(key, before);
  }

  @Override
  public @Nullable T remove(String key) {
    String before = versions.remove(key);
    return before == null ? null : skeleton(key, before);
  }

  @Override
  public @Nullable T get(String key) {
    String version = versions.get(key);
    return version == null ? null : skeleton(key, version);
  }

  @Override
  public Stream<String> keySet() {
    return versions.keySet().stream();
  }

  @Override
  public Stream<T> values() {
    return versions.entrySet().stream().map(entry -> skeleton(entry.getKey(), entry.getValue()));
  }

  @Override
  public int size() {
    return versions.size();
  }

  /**
   * Additions need not wait for the whole list: facts are read by key, whenever they are needed.
   */
  @Override
  public boolean isFullState() {
    return false;
  }

  /** An object of which the informer can tell what it is, and in which version. */
  private T skeleton(String key, String version) {
    int slash = key.indexOf('/');
    T object = empty.get();
    object.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(slash < 0 ? null : key.substring(0, slash))
            .withName(key.substring(slash + 1))
            .withResourceVersion(version)
            .build());
    return object;
  }
}
