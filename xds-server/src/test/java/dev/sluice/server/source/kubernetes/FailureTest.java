package dev.sluice.server.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.ConnectException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What people read of why a cluster cannot be read. */
class FailureTest {
  private static final String SERVER = "https://10.0.0.1/";

  @Test
  void aMissingPermissionNamesVerbsAndResource() {
    assertThat(message(answer(403, "pods is forbidden")))
        .isEqualTo(
            "list and watch of pods in the namespace shop is forbidden (403); grant both verbs");
    assertThat(Failure.of(answer(403, ""), "pods", null, SERVER).message())
        .contains("pods in all namespaces is forbidden");
  }

  @Test
  void whatTheServerSaysOfItselfIsOneMessageWhateverWasAsked() {
    String starting = "the API server https://10.0.0.1/ does not serve now: please try again (503)";

    assertThat(message(answer(503, "please try again"))).isEqualTo(starting);
    assertThat(Failure.of(answer(503, "please try again"), "nodes", null, SERVER).message())
        .isEqualTo(starting);
    assertThat(message(answer(429, "too many requests"))).contains("too many requests (429)");
  }

  @Test
  void aServerThatDoesNotAnswerIsToldFromOneThatIsNotThere() {
    assertThat(message(new KubernetesClientException("GET", new ConnectException("refused"))))
        .isEqualTo("the API server https://10.0.0.1/ cannot be reached: refused");
    assertThat(
            message(
                new CompletionException(
                    new KubernetesClientException("GET", new TimeoutException("GET /x 2000ms")))))
        .isEqualTo("the API server https://10.0.0.1/ cannot be reached: it does not answer");
  }

  @Test
  void anAnswerOfAnotherKindIsQuotedWithWhatWasAsked() {
    assertThat(message(answer(406, "not acceptable")))
        .isEqualTo(
            "listing pods in the namespace shop fails at the API server https://10.0.0.1/: not"
                + " acceptable (406)");
    assertThat(message(answer(404, ""))).contains("does not know pods (404); install it");
    assertThat(message(new IllegalStateException("odd"))).contains("pods cannot be read: ");
  }

  private static String message(Throwable thrown) {
    return Failure.of(thrown, "pods", "shop", SERVER).message();
  }

  private static KubernetesClientException answer(int code, String message) {
    return new KubernetesClientException(
        new StatusBuilder().withCode(code).withMessage(message).build());
  }
}
