package dev.sluice.server.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.OAuthTokenProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterAccessTest {
  @TempDir private Path folder;

  @Test
  void theTokenFileOfAKubeconfigIsReadForEveryRequest() throws IOException {
    Path token = folder.resolve("token");
    Files.writeString(token, "first\n");
    try (KubernetesClient client =
        new ClusterAccess(kubeconfig("{tokenFile: token}"), null).connect()) {
      OAuthTokenProvider provider = client.getConfiguration().getOauthTokenProvider();

      assertThat(provider.getToken()).isEqualTo("first");
      Files.writeString(token, "second");
      assertThat(provider.getToken()).isEqualTo("second");
      Files.delete(token);
      assertThat(provider.getToken()).as("while it is being replaced").isEqualTo("second");
    }
  }

  @Test
  void aContextThatThereIsNotIsNotTheCurrentOne() throws IOException {
    ClusterAccess access = new ClusterAccess(kubeconfig("{token: fixed}"), "prod");

    assertThatThrownBy(access::connect)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has no context prod; 'kubectl config get-contexts' lists them");
  }

  @Test
  void aCertificateAuthorityThatThereIsNotIsNamed() throws IOException {
    Path file = kubeconfig("{token: fixed}");
    String wrong =
        Files.readString(file).replace(":1\"}", ":1\", certificate-authority: /nowhere.crt}");
    Files.writeString(file, wrong);

    assertThatThrownBy(new ClusterAccess(file, null)::connect)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("there is no file /nowhere.crt");
  }

  @Test
  void aKubeconfigWithATokenHasNoFile() throws IOException {
    try (KubernetesClient client =
        new ClusterAccess(kubeconfig("{token: fixed}"), null).connect()) {
      assertThat(client.getConfiguration().getOauthTokenProvider()).isNull();
      assertThat(client.getConfiguration().getAutoOAuthToken()).isEqualTo("fixed");
    }
  }

  private Path kubeconfig(String user) throws IOException {
    return Files.writeString(
        folder.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: test, cluster: {server: "https://127.0.0.1:1"}}]
        users: [{name: other, user: {tokenFile: other}}, {name: test, user: %s}]
        contexts: [{name: test, context: {cluster: test, user: test}}]
        current-context: test
        """
            .formatted(user));
  }
}
