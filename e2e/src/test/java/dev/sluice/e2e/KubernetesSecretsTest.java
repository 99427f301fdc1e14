package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.e2e.CertificateAuthority.Issued;
import dev.sluice.node.Role;
import dev.sluice.server.admin.ControlPlane;
import dev.sluice.server.pem.Pem;
import dev.sluice.server.pem.PemException;
import dev.sluice.server.settings.KubernetesSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates of a Gateway that are a cluster's secrets. */
@NeedsKubernetes
@NeedsEnvoy
class KubernetesSecretsTest {
  private static final String HOST = TestMesh.host(Role.GATEWAY);

  @TempDir static Path folder;
  @TempDir static Path certificates;
  private static KubernetesCluster cluster;

  @BeforeAll
  static void startCluster() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    cluster = KubernetesCluster.start(folder);
    cluster.installDefinitions();
  }

  @AfterAll
  static void stopCluster() {
    Awaitility.reset();
    cluster.close();
  }

  @Test
  void onlyANamedSecretIsReadAndItsRenewalEndsNoRequest() throws IOException, PemException {
    CertificateAuthority authority = CertificateAuthority.create(certificates, "root");
    try (KubernetesMesh mesh = new KubernetesMesh(cluster, "secrets")) {
      mesh.run("orders-1", "v1");
      mesh.applyPolicy("");
      mesh.apply(httpsGateway(mesh.gatewayPort()));
      Certificate first = put(authority.issue("first", "dns:" + HOST));
      // The account may read the one secret that is named, and may not even list the others.
      ServiceAccount account =
          new ServiceAccount(cluster, "secrets", "sluice")
              .grantDocuments()
              .grant("services,pods,endpointslices.discovery.k8s.io")
              .grant("secrets", "orders-cert");
      Path kubeconfig = cluster.kubeconfig("secrets", account.token());
      ControlPlane server =
          mesh.startServer(mesh.settings(kubeconfig, KubernetesSettings.DEFAULT_HOLD_EMPTY));
      mesh.startGateway(server);
      ClientTls tls = ClientTls.trusting(authority.root(), HOST);
      awaitShown(mesh, tls, first);

      TrafficClient client = mesh.client().over(tls);
      await().until(() -> client.once().ok());
      try (ContinuousTraffic traffic = client.keepSending(4, Duration.ofMillis(1))) {
        for (int i = 0; i < 3; i++) {
          traffic.await(200);
          awaitShown(mesh, tls, put(authority.issue("renewed-" + i, "dns:" + HOST)));
        }
        cluster.kubectl(
            "patch",
            "secret/orders-cert",
            "-n",
            "secrets",
            "-p",
            "{\"data\": {\"tls.crt\": \"\"}}");
        await().until(() -> problems(server).contains("secrets/orders-cert"));
        traffic.await(200);
        Certificate mended = put(authority.issue("mended", "dns:" + HOST));
        awaitShown(mesh, tls, mended);
        await().until(() -> !problems(server).contains("secrets/orders-cert"));
        assertThat(traffic.stop().failures()).isEmpty();
      }

      mesh.apply(httpsGateway(mesh.gatewayPort()).replace("orders-cert", "another"));
      await()
          .untilAsserted(
              () ->
                  assertThat(problems(server))
                      .contains("secrets/another")
                      .contains("list and watch of secrets")
                      .contains("(403)"));
      assertThat(KubernetesMesh.admin(server, "/v1/sources")).doesNotContain("PRIVATE KEY");
    }
  }

  private static String httpsGateway(int port) {
    return Documents.gateway(port)
        .replace("protocol: HTTP,", "protocol: HTTPS, tls: {secret: orders-cert},");
  }

  /** Stores a certificate in the cluster, and gives it. */
  private static Certificate put(Issued issued) throws IOException, PemException {
    cluster.apply(
        cluster.kubectl(
            "create",
            "secret",
            "tls",
            "orders-cert",
            "-n",
            "secrets",
            "--cert=" + issued.cert(),
            "--key=" + issued.key(),
            "--dry-run=client",
            "-o",
            "yaml"));
    return Pem.certificates(Files.readString(issued.cert())).getFirst();
  }

  private static void awaitShown(KubernetesMesh mesh, ClientTls tls, Certificate certificate) {
    await().ignoreExceptions().until(() -> shown(mesh, tls).equals(certificate));
  }

  private static Certificate shown(KubernetesMesh mesh, ClientTls tls) throws IOException {
    try (SSLSocket socket =
        tls.over(new Socket(InetAddress.getLoopbackAddress(), mesh.gatewayPort()))) {
      return socket.getSession().getPeerCertificates()[0];
    }
  }

  private static String problems(ControlPlane server) {
    return KubernetesMesh.source(server).problems().toString();
  }
}
