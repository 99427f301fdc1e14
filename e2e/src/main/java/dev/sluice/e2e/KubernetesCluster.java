package dev.sluice.e2e;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real Kubernetes control plane: etcd, kube-apiserver with RBAC, and the controllers that make
 * EndpointSlices of Services and Pods. There is no kubelet: tests say themselves how a pod fares
 * (see {@link Pods}).
 */
public final class KubernetesCluster implements AutoCloseable {
  /** The bearer token of a user who may do everything. */
  public static final String ADMIN_TOKEN = "admin-token";

  private final Path binaries;
  private final Path folder;
  private final List<String> apiServerFlags;
  private final int etcdPort = Ports.free();
  private final int port = Ports.free();
  private final List<PeerProcess> others = new ArrayList<>();
  private @Nullable PeerProcess apiServer;
  private @Nullable PeerProcess controllers;
  private @Nullable KubernetesClient client;

  private KubernetesCluster(Path binaries, Path folder, List<String> apiServerFlags) {
    this.binaries = binaries;
    this.folder = folder;
    this.apiServerFlags = List.copyOf(apiServerFlags);
  }

  /**
   * Starts a control plane and waits until it is ready.
   *
   * @param folder for its data, logs and kubeconfig; an empty one
   * @param apiServerFlags of kube-apiserver, beside those it needs
   */
  public static KubernetesCluster start(Path folder, String... apiServerFlags) {
    KubernetesCluster cluster =
        new KubernetesCluster(KubernetesBinaries.home(), folder, List.of(apiServerFlags));
    try {
      cluster.start();
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  private void start() {
    write("tokens.csv", ADMIN_TOKEN + ",admin,1,\"system:masters\"\n");
    write("service-account.key", RsaKey.pem());
    String etcd = "http://127.0.0.1:" + etcdPort;
    String peers = "http://127.0.0.1:" + Ports.free();
    others.add(
        run(
            "etcd",
            List.of(
                "--data-dir=" + folder.resolve("etcd"),
                "--unsafe-no-fsync",
                "--log-level=error",
                "--socket-reuse-port",
                "--listen-client-urls=" + etcd,
                "--advertise-client-urls=" + etcd,
                "--listen-peer-urls=" + peers,
                "--initial-advertise-peer-urls=" + peers,
                "--initial-cluster=default=" + peers)));
    startApiServer();
    startControllers();
  }

  private void startControllers() {
    controllers =
        run(
            "kube-controller-manager",
            List.of(
                "--kubeconfig=" + kubeconfig(),
                "--controllers=endpointslice-controller,endpoints-controller,"
                    + "endpointslice-mirroring-controller",
                "--endpointslice-updates-batch-period=0s",
                "--leader-elect=false",
                "--secure-port=0",
                "--kube-api-qps=500",
                "--kube-api-burst=1000"));
  }

  /** Ends the controllers: nobody makes EndpointSlices, or mends them. */
  public void killControllers() {
    if (controllers != null) {
      controllers.kill();
      controllers = null;
    }
  }

  /** Starts the controllers again, with which EndpointSlices become what they should be. */
  public void restartControllers() {
    killControllers();
    startControllers();
  }

  /**
   * Starts the API server, at its port, and waits until it is ready. Controllers that ran before
   * are started anew.
   *
   * @param more flags, beside those that it always has
   */
  public void startApiServer(String... more) {
    List<String> flags = new ArrayList<>();
    flags.add("--etcd-servers=http://127.0.0.1:" + etcdPort);
    flags.add("--secure-port=" + port);
    flags.add("--permit-port-sharing");
    flags.add("--bind-address=127.0.0.1");
    flags.add("--advertise-address=10.244.255.1"); // The network has no default route.
    flags.add("--cert-dir=" + folder.resolve("certificates"));
    flags.add("--service-account-issuer=https://kubernetes.default.svc");
    flags.add("--service-account-key-file=" + folder.resolve("service-account.key"));
    flags.add("--service-account-signing-key-file=" + folder.resolve("service-account.key"));
    flags.add("--token-auth-file=" + folder.resolve("tokens.csv"));
    flags.add("--authorization-mode=RBAC");
    flags.add("--service-cluster-ip-range=10.0.0.0/16,fd00::/108");
    flags.add("--disable-admission-plugins=ServiceAccount");
    flags.addAll(apiServerFlags);
    flags.addAll(List.of(more));
    apiServer = run("kube-apiserver", flags);
    Path certificate = folder.resolve("certificates/apiserver.crt");
    apiServer.awaitTrue("its certificate", () -> Files.exists(certificate));
    write("kubeconfig.yaml", kubeconfigText(ADMIN_TOKEN));
    // One without EndpointSlices waits for them itself, and serves all the rest meanwhile.
    String ready = more.length == 0 ? "/readyz" : "/readyz?exclude=informer-sync";
    apiServer.awaitTrue(
        "ready", () -> tryKubectl("get", "--raw", ready, "--request-timeout=2s").succeeded());
    if (controllers != null) {
      // Those that saw it gone ask again after half a minute or more, each kind by itself: a
      // Service that is made meanwhile has no EndpointSlice as long.
      restartControllers();
    }
  }

  /** Ends the API server at once, as by {@code kill -9}. */
  public void killApiServer() {
    apiServer().kill();
  }

  /** Lets the API server hang: connections stay open, and nothing is said on them. */
  public void pauseApiServer() {
    apiServer().signal("STOP");
  }

  /** Lets a paused API server go on. */
  public void resumeApiServer() {
    apiServer().signal("CONT");
  }

  /** Whether an API server runs, be it paused. */
  public boolean isServing() {
    return apiServer().isAlive();
  }

  private PeerProcess apiServer() {
    if (apiServer == null) {
      throw new IllegalStateException("the API server was not started");
    }
    return apiServer;
  }

  /** The API server's port on loopback. */
  public int port() {
    return port;
  }

  /** The folder of its data, logs and kubeconfig. */
  public Path folder() {
    return folder;
  }

  /** A kubeconfig of the user who may do everything. */
  public Path kubeconfig() {
    return folder.resolve("kubeconfig.yaml");
  }

  /**
   * Writes a kubeconfig with another token.
   *
   * @param name of its file
   */
  public Path kubeconfig(String name, String token) {
    return write(name, kubeconfigText(token));
  }

  private String kubeconfigText(String token) {
    return """
        apiVersion: v1
        kind: Config
        clusters: [{name: test, cluster: {server: "https://127.0.0.1:%d", certificate-authority: %s}}]
        users: [{name: test, user: {token: "%s"}}]
        contexts: [{name: test, context: {cluster: test, user: test}}]
        current-context: test
        """
        .formatted(port, folder.resolve("certificates/apiserver.crt").toAbsolutePath(), token);
  }

  /** A client of the user who may do everything; it ends with the cluster. */
  public KubernetesClient client() {
    if (client == null) {
      client =
          new KubernetesClientBuilder()
              .withConfig(Config.fromKubeconfig(kubeconfig().toFile()))
              .build();
    }
    return client;
  }

  /** Runs kubectl, which has to succeed, and gives what it printed. */
  public String kubectl(String... arguments) {
    return kubectlWith("", arguments);
  }

  /** Runs kubectl on a standard input; it has to succeed. */
  public String kubectlWith(String input, String... arguments) {
    CommandResult result = tryKubectlWith(input, arguments);
    if (!result.succeeded()) {
      throw new AssertionError("kubectl " + List.of(arguments) + ": " + result.output());
    }
    return result.output();
  }

  /** Applies documents, separated by {@code ---}. */
  public String apply(String yaml) {
    return kubectlWith(yaml, "apply", "-f", "-");
  }

  /** Installs the custom resource definitions, and waits until they are served. */
  public void installDefinitions() {
    kubectl("apply", "-k", EnvoyProcess.repository().resolve("deploy/crds").toString());
    kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=90s");
  }

  /** Runs kubectl, and gives what it printed and whether it succeeded. */
  public CommandResult tryKubectl(String... arguments) {
    return tryKubectlWith("", arguments);
  }

  /** Runs kubectl on a standard input. */
  public CommandResult tryKubectlWith(String input, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(binaries.resolve("kubectl").toString());
    command.add("--kubeconfig=" + kubeconfig());
    command.add("--cache-dir=" + folder.resolve("kubectl-cache"));
    command.addAll(List.of(arguments));
    return CommandResult.of(command, input);
  }

  private PeerProcess run(String binary, List<String> flags) {
    List<String> command = new ArrayList<>();
    command.add(binaries.resolve(binary).toString());
    command.addAll(flags);
    return PeerProcess.start(binary, command, folder.resolve(binary + ".log"));
  }

  private Path write(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
    killControllers();
    Stream.concat(Stream.ofNullable(apiServer), others.reversed().stream())
        .forEach(PeerProcess::kill);
  }

  /**
   * What a command did.
   *
   * @param exitCode 0 where it succeeded
   * @param output what it printed, errors included
   */
  public record CommandResult(int exitCode, String output) {
    /** Whether it says that all went well. */
    public boolean succeeded() {
      return exitCode == 0;
    }

    /** Runs a command on a standard input, for two minutes at most. */
    public static CommandResult of(List<String> command, String input) {
      try {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var in = process.getOutputStream()) {
          in.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
          // It ended without reading; its exit code says why.
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
          process.destroyForcibly();
          throw new AssertionError(command + " does not end: " + output);
        }
        return new CommandResult(process.exitValue(), output);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }
}
