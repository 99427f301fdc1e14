package dev.sluice.server.pipeline;

import dev.sluice.secret.Secrets;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.SnapshotBuilder;
import dev.sluice.translate.SecretUse;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The secrets that one group of proxies is sent: those that its resources name, and those that they
 * named before, since a proxy that refuses what came after goes on with what it has. Only the
 * pipeline's thread touches it.
 */
final class SecretView {
  private final Set<SecretUse> named;
  private final Map<SecretUse, Resource> published = new HashMap<>();
  private Secrets told = Secrets.EMPTY;
  private boolean changed;

  private SecretView(Set<SecretUse> named) {
    this.named = named;
    this.changed = !named.isEmpty();
  }

  static SecretView empty() {
    return new SecretView(new HashSet<>());
  }

  /** One that publishes what this one does, of a view that begins anew. */
  SecretView successor() {
    return new SecretView(new HashSet<>(named));
  }

  /** One that goes its own way from here. */
  SecretView copy() {
    SecretView copy = new SecretView(new HashSet<>(named));
    copy.published.putAll(published);
    copy.told = told;
    copy.changed = changed;
    return copy;
  }

  /** Notes what resources name from now on. */
  void name(Set<SecretUse> uses) {
    changed |= named.addAll(uses);
  }

  /** Whether a source has told of another secret since the last update. */
  boolean isBehind(Translations translations) {
    return !translations.secrets().equals(told);
  }

  /** Publishes what differs. It costs nothing while neither names nor secrets change. */
  void update(Translations translations, SnapshotBuilder builder) {
    if (!changed && !isBehind(translations)) {
      return;
    }
    for (SecretUse use : named) {
      translations
          .secret(use)
          .ifPresentOrElse(resource -> put(use, resource, builder), () -> remove(use, builder));
    }
    told = translations.secrets();
    changed = false;
  }

  private void put(SecretUse use, Resource resource, SnapshotBuilder builder) {
    Resource before = published.put(use, resource);
    if (before == null || !before.version().equals(resource.version())) {
      builder.put(resource);
    }
  }

  private void remove(SecretUse use, SnapshotBuilder builder) {
    if (published.remove(use) != null) {
      builder.remove(ResourceType.SECRET, use.name());
    }
  }
}
