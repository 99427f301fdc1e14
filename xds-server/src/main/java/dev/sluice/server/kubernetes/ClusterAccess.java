package dev.sluice.server.kubernetes;

import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a cluster's API server is reached.
 *
 * @param kubeconfig a kubeconfig; null for the pod's service account where this runs in a pod, and
 *     else for the kubeconfig that kubectl would take
 * @param context a context of the kubeconfig; null for its current one
 */
public record ClusterAccess(@Nullable Path kubeconfig, @Nullable String context) {
  /** Where a pod finds who it is. */
  private static final Path SERVICE_ACCOUNT =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  /** No request but a watch takes longer; the API server's own limit is one minute. */
  private static final Duration REQUEST = Duration.ofSeconds(30);

  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** Between two tries of a watch: at first, and at most 2^5 times that. */
  private static final int RETRY_MILLIS = 100;

  /**
   * A client of the cluster; it connects when it is used.
   *
   * @throws IOException when the kubeconfig cannot be used; the message says what to do
   */
  public KubernetesClient connect() throws IOException {
    return connect(REQUEST);
  }

  /**
   * A client of the cluster; it connects when it is used.
   *
   * @param request how long a request may take that is no watch
   * @throws IOException when the kubeconfig cannot be used; the message says what to do
   */
  public KubernetesClient connect(Duration request) throws IOException {
    Config config = kubeconfig == null && inPod() ? serviceAccount() : fromKubeconfig();
    config.setRequestTimeout(Math.toIntExact(request.toMillis()));
    config.setConnectionTimeout(Math.toIntExact(min(request, CONNECT).toMillis()));
    config.setWatchReconnectInterval(RETRY_MILLIS);
    config.setWatchReconnectLimit(-1);
    config.setRequestRetryBackoffLimit(0); // Who asks tries again, and says so.
    try {
      return new KubernetesClientBuilder().withConfig(config).build();
    } catch (KubernetesClientException e) {
      throw new IOException(
          "the certificates and key for %s cannot be used: %s"
              .formatted(config.getMasterUrl(), Words.of(e)),
          e);
    }
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** The namespace of the pod that this runs in; empty where it runs in none. */
  public static Optional<String> podNamespace() {
    Path file = SERVICE_ACCOUNT.resolve("namespace");
    try {
      return Files.isReadable(file)
          ? Optional.of(Files.readString(file).strip())
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean inPod() {
    return System.getenv("KUBERNETES_SERVICE_HOST") != null
        && Files.isReadable(SERVICE_ACCOUNT.resolve("token"));
  }

  private static Config serviceAccount() {
    Map<String, String> environment = System.getenv();
    String host = Objects.requireNonNull(environment.get("KUBERNETES_SERVICE_HOST"));
    String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
    String authority = host.contains(":") ? "[" + host + "]" : host;
    return new ConfigBuilder(Config.empty())
        .withMasterUrl("https://" + authority + ":" + port)
        .withCaCertFile(SERVICE_ACCOUNT.resolve("ca.crt").toString())
        .withNamespace(podNamespace().orElse(null))
        .withOauthTokenProvider(new TokenFile(SERVICE_ACCOUNT.resolve("token")))
        .build();
  }

  private Config fromKubeconfig() throws IOException {
    Path file = kubeconfig == null ? usualKubeconfig() : kubeconfig;
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          "there is no kubeconfig %s; write it, or run in a pod with a service account"
              .formatted(file));
    }
    Config config;
    try {
      config = Config.fromKubeconfig(context, file.toFile());
    } catch (KubernetesClientException | IllegalArgumentException e) {
      throw new IOException("the kubeconfig %s cannot be read: %s".formatted(file, Words.of(e)), e);
    }
    // The client takes the current one where there is none of that name.
    NamedContext current = config.getCurrentContext();
    if (current == null || (context != null && !context.equals(current.getName()))) {
      throw new IOException(
          context == null
              ? "the kubeconfig %s has no current context; name one with context".formatted(file)
              : "the kubeconfig %s has no context %s; 'kubectl config get-contexts' lists them"
                  .formatted(file, context));
    }
    TokenFile.of(config, file).ifPresent(config::setOauthTokenProvider);
    ClientKey.prepare(config, file);
    return config;
  }

  private static Path usualKubeconfig() {
    String named = System.getenv().getOrDefault("KUBECONFIG", "");
    return named.isEmpty()
        ? Path.of(System.getProperty("user.home"), ".kube", "config")
        : Path.of(named);
  }
}
