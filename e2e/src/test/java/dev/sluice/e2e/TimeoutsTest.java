package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long an answer may take, stand still, and go on. */
@NeedsEnvoy
class TimeoutsTest {
  private static final int PARTS = 50;

  @TempDir Path folder;

  @Test
  void aStreamThatStandsStillIsEndedByIdleAndOneThatMovesIsNot() {
    // A part each 50 ms, or one alone.
    try (TestMesh mesh = new TestMesh("idle", folder);
        ScriptedBackend backend =
            ScriptedBackend.start(
                (headers, in, out) -> {
                  if (headers.containsKey("x-stall")) {
                    head(out);
                    ScriptedBackend.write(out, ".");
                    in.read(); // Until the proxy closes.
                  } else {
                    trickle(out);
                  }
                })) {
      mesh.save("orders.yaml", backend.orders());
      mesh.savePolicy("timeouts: {request: 0s, idle: 500ms}");
      EnvoyProcess envoy = mesh.start(Role.SIDECAR);
      TrafficClient client = mesh.client(Role.SIDECAR);

      assertThat(client.once().body()).hasSize(PARTS);
      Answer stalled = client.with("x-stall", "1").once();

      assertThat(stalled.status()).as("%s", stalled).isZero();
      assertThat(took(stalled)).isBetween(Duration.ofMillis(450), Duration.ofSeconds(4));
      assertThat(envoy.stat("http\\.outbound.*\\.downstream_rq_idle_timeout")).isEqualTo(1);
    }
  }

  @Test
  void aStreamIsEndedByMaxStreamHoweverItMoves() {
    try (TestMesh mesh = new TestMesh("max-stream", folder);
        ScriptedBackend backend = ScriptedBackend.start((headers, in, out) -> trickle(out))) {
      mesh.save("orders.yaml", backend.orders());
      mesh.savePolicy(
          """
          timeouts: {request: 0s, maxStream: 700ms}
          routes:
            - name: long
              match: [{path: {prefix: /long}}]
              timeouts: {maxStream: 30s}
          """);
      mesh.start(Role.SIDECAR);
      TrafficClient client = mesh.client(Role.SIDECAR);

      assertThat(client.at("/long").once().body()).hasSize(PARTS);
      Answer cut = client.once();

      assertThat(cut.status()).as("%s", cut).isZero();
      assertThat(took(cut)).isBetween(Duration.ofMillis(650), Duration.ofMillis(2_400));
    }
  }

  private static void head(OutputStream out) throws IOException {
    ScriptedBackend.write(out, "HTTP/1.1 200 OK\nContent-Length: %d\n\n".formatted(PARTS));
  }

  /** An answer that takes two and a half seconds. */
  private static void trickle(OutputStream out) throws IOException, InterruptedException {
    head(out);
    for (int i = 0; i < PARTS; i++) {
      Thread.sleep(50); // Waits for nothing: this is the pace of the slow instance.
      ScriptedBackend.write(out, ".");
    }
  }

  private static Duration took(Answer answer) {
    return Duration.ofNanos(answer.doneNanos() - answer.sentNanos());
  }
}
