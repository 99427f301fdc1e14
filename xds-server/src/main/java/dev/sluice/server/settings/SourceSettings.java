package dev.sluice.server.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is watched.
 *
 * @param files directories of documents
 * @param secrets directories of certificates and keys
 * @param kubernetes clusters
 * @param consul data centres
 */
public record SourceSettings(
    List<Path> files,
    List<Path> secrets,
    List<KubernetesSettings> kubernetes,
    List<ConsulSettings> consul) {
  /** Nothing. */
  public static final SourceSettings NONE =
      new SourceSettings(List.of(), List.of(), List.of(), List.of());

  public SourceSettings {
    files = List.copyOf(files);
    secrets = List.copyOf(secrets);
    kubernetes = List.copyOf(kubernetes);
    consul = List.copyOf(consul);
  }

  /** Directories of documents alone. */
  public static SourceSettings ofFiles(List<Path> files) {
    return new SourceSettings(files, List.of(), List.of(), List.of());
  }

  /** These, and of each kind those of {@code other} where these have none. */
  SourceSettings over(SourceSettings other) {
    return new SourceSettings(
        files.isEmpty() ? other.files : files,
        secrets.isEmpty() ? other.secrets : secrets,
        kubernetes.isEmpty() ? other.kubernetes : kubernetes,
        consul.isEmpty() ? other.consul : consul);
  }

  /** Whether any source can tell of private keys. */
  boolean mayHoldKeys() {
    return !secrets.isEmpty() || !kubernetes.isEmpty();
  }

  /** Where documents come from, as the log tells it. */
  public String text() {
    return Stream.of(
            files.stream().map(Path::toString),
            kubernetes.stream().map(one -> "Kubernetes cluster " + one.name()),
            consul.stream().map(one -> "Consul " + one.name()))
        .flatMap(Function.identity())
        .collect(Collectors.joining(", "));
  }

  /** Whether any source can tell of documents. */
  public boolean hasDocuments() {
    return !files.isEmpty() || !kubernetes.isEmpty() || !consul.isEmpty();
  }
}
