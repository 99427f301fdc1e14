package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.server.pem.Pem;
import dev.sluice.server.pem.PemException;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The image has all that a cluster's API server asks of a client: it runs on nothing else, once as
 * in a pod and once with a kubeconfig of a certificate whose key is of an elliptic curve.
 */
@NeedsImage
@NeedsKubernetes
class ImageOnKubernetesTest {
  private static final String NAMESPACE = "shop";

  @TempDir private static Path folder;
  private static KubernetesCluster cluster;
  private static CertificateAuthority authority;

  @BeforeAll
  static void startCluster() throws IOException {
    Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
    authority = CertificateAuthority.create(folder, "clients");
    cluster =
        KubernetesCluster.start(
            Files.createDirectory(folder.resolve("cluster")),
            "--client-ca-file=" + authority.root());
    cluster.installDefinitions();
    cluster.kubectl("create", "namespace", NAMESPACE);
    cluster.kubectl("create", "serviceaccount", "sluice", "-n", NAMESPACE);
    cluster.kubectl(
        "create",
        "clusterrolebinding",
        "sluice",
        "--clusterrole=cluster-admin",
        "--serviceaccount=" + NAMESPACE + ":sluice",
        "--group=system:authenticated");
  }

  @AfterAll
  static void stopCluster() {
    Awaitility.reset();
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void itReadsAClusterAndWritesItsStatuses() throws Exception {
    Image image = Image.unpack(folder);
    Path etc = Files.createDirectory(folder.resolve("etc"));
    writeKubeconfig(etc);
    // Of a document in two clusters the one of the first by name counts, and has the status.
    Files.writeString(
        etc.resolve("sluice.yaml"),
        """
        xds: {address: "127.0.0.1:0", drain: 1s}
        admin: {address: "127.0.0.1:0"}
        telemetry: {address: "0.0.0.0:0"}
        sources:
          kubernetes:
            - {name: account}
            - {name: kubeconfig, kubeconfig: kubeconfig, status: false}
        """);
    writeServiceAccount(image);
    cluster.apply(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: orders, namespace: shop}
        spec: {ports: [{name: http, port: 80}]}
        """);
    cluster.apply(Documents.policyOf("orders", "timeouts: {request: 5s}\n"));
    Path log = folder.resolve("image.log");
    Process server =
        image.run(
            etc,
            log,
            Map.of(
                "KUBERNETES_SERVICE_HOST",
                "127.0.0.1",
                "KUBERNETES_SERVICE_PORT",
                String.valueOf(cluster.port())),
            "serve",
            "--config",
            "/etc/sluice/sluice.yaml");
    try {
      int telemetry = Image.telemetryPort(server, log);
      TrafficClient probe = TrafficClient.to(telemetry, "127.0.0.1:" + telemetry);
      await()
          .untilAsserted(
              () ->
                  assertThat(probe.at("/readyz").once().body())
                      .as("%s", Files.readString(log))
                      .isEqualTo("ok\n"));
      await()
          .untilAsserted(
              () ->
                  assertThat(cluster.kubectl("get", "tp", "-n", NAMESPACE))
                      .containsPattern("orders +orders .*True"));
      assertThat(cluster.kubectl("get", "lease", "-n", NAMESPACE)).contains("sluice-account");
      assertThat(log).content().doesNotContain("Exception", "NoClassDefFound", "ERROR");
    } finally {
      server.destroyForcibly().waitFor();
    }
  }

  /** What the kubelet mounts into a pod. */
  private static void writeServiceAccount(Image image) throws IOException {
    Path mounted =
        Files.createDirectories(
            image.root().resolve("var/run/secrets/kubernetes.io/serviceaccount"));
    Files.writeString(
        mounted.resolve("token"), cluster.kubectl("create", "token", "sluice", "-n", NAMESPACE));
    Files.writeString(mounted.resolve("namespace"), NAMESPACE);
    Files.copy(certificate(), mounted.resolve("ca.crt"));
  }

  /** A kubeconfig as small distributions write it. */
  private static void writeKubeconfig(Path etc) throws IOException, PemException {
    CertificateAuthority.Issued client = authority.issue("client", "dns:client");
    Files.copy(certificate(), etc.resolve("ca.crt"));
    Files.copy(client.cert(), etc.resolve("client.crt"));
    BigInteger key =
        ((java.security.interfaces.ECPrivateKey) Pem.key(Files.readString(client.key()))).getS();
    StringWriter pem = new StringWriter();
    try (PemWriter writer = new PemWriter(pem)) {
      writer.writeObject(
          new PemObject(
              "EC PRIVATE KEY",
              new ECPrivateKey(256, key, SECObjectIdentifiers.secp256r1).getEncoded()));
    }
    Files.writeString(etc.resolve("client.key"), pem.toString());
    Files.writeString(
        etc.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: test, cluster: {server: "https://127.0.0.1:%d", certificate-authority: ca.crt}}]
        users: [{name: test, user: {client-certificate: client.crt, client-key: client.key}}]
        contexts: [{name: test, context: {cluster: test, user: test, namespace: shop}}]
        current-context: test
        """
            .formatted(cluster.port()));
  }

  private static Path certificate() {
    return cluster.folder().resolve("certificates/apiserver.crt");
  }
}
