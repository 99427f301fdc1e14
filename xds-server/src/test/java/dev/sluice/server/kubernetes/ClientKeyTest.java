package dev.sluice.server.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.server.pem.Pem;
import dev.sluice.server.pem.TestPem;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The forms in which a kubeconfig has its user's key. */
class ClientKeyTest {
  private static final KeyPair EC = TestPem.ec();
  private static final KeyPair RSA = TestPem.rsa(2048);

  @TempDir private Path folder;

  @Test
  void keysOfRsaAndOfEllipticCurvesAreTakenInEveryForm() throws IOException {
    assertThat(algorithm(EC, TestPem.pkcs8(EC))).isEqualTo("EC");
    assertThat(algorithm(EC, TestPem.sec1(EC))).isEqualTo("EC");
    assertThat(algorithm(RSA, TestPem.pkcs8(RSA))).isEqualTo("RSA");
    assertThat(algorithm(RSA, TestPem.pem(RSA.getPrivate()))).isEqualTo("RSA");
  }

  @Test
  void aKeyInAFileIsReadRelativeToTheKubeconfig() throws IOException {
    Files.writeString(folder.resolve("key.pem"), TestPem.pkcs8(EC));
    Path kubeconfig = kubeconfig(EC, "client-key: key.pem");
    try (KubernetesClient client = new ClusterAccess(kubeconfig, null).connect()) {
      assertThat(client.getConfiguration().getClientKeyAlgo()).isEqualTo("EC");
    }
  }

  @Test
  void whatCannotBeUsedIsToldInOneMessage() throws IOException {
    KeyPair edwards = TestPem.of("Ed25519");
    assertThatThrownBy(() -> algorithm(edwards, TestPem.pkcs8(edwards)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is of EdDSA; make one of RSA or EC");
    assertThatThrownBy(() -> algorithm(EC, "nothing"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the client key of the kubeconfig ");
    Path kubeconfig = kubeconfig(EC, "client-key-data: '***'");
    assertThatThrownBy(() -> new ClusterAccess(kubeconfig, null).connect())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the client key of the kubeconfig ");
  }

  private String algorithm(KeyPair key, String pem) throws IOException {
    Path kubeconfig = kubeconfig(key, "client-key-data: " + base64(pem));
    try (KubernetesClient client = new ClusterAccess(kubeconfig, null).connect()) {
      return client.getConfiguration().getClientKeyAlgo();
    }
  }

  private Path kubeconfig(KeyPair key, String clientKey) throws IOException {
    String certificate =
        Pem.text(List.of(TestPem.certificate(key, Instant.now().plus(Duration.ofDays(1)))));
    return Files.writeString(
        folder.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: test, cluster: {server: "https://127.0.0.1:1"}}]
        users: [{name: test, user: {client-certificate-data: %s, %s}}]
        contexts: [{name: test, context: {cluster: test, user: test}}]
        current-context: test
        """
            .formatted(base64(certificate), clientKey));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
