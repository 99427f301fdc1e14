package dev.sluice.server.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class TrafficTest {
  @Test
  void anInstanceSaysWhoItIsOnAConnectionThatStaysOpen() throws IOException {
    try (Instance instance = Instance.start("orders", "v1-2", "v1");
        HttpConnection connection = new HttpConnection(address(instance))) {
      for (int i = 0; i < 3; i++) {
        HttpConnection.Answer answer = connection.get("orders.example.com", "/");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry(Instance.VERSION_HEADER, "v1");
        assertThat(answer.body()).isEqualToIgnoringNewLines("orders v1, instance v1-2");
        assertThat(answer.closes()).isFalse();
      }
    }
  }

  @Test
  void anInstanceThatStopsBreaksItsConnections() throws IOException {
    Instance instance = Instance.start("orders", "v1-1", "v1");
    try (HttpConnection connection = new HttpConnection(address(instance))) {
      connection.get("orders.example.com", "/");
      instance.close();
      assertThatThrownBy(() -> connection.get("orders.example.com", "/"))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void clientsCountAnswersAndFailuresAndComeBack() throws IOException {
    Instance instance = Instance.start("orders", "v1-1", "v1");
    try (Traffic traffic = Traffic.start(address(instance), "orders.example.com")) {
      Ledger ledger = traffic.ledger();
      await().until(() -> ledger.total() > 20);
      assertThat(ledger.failures()).isZero();
      assertThat(Tally.of(ledger.since(System.nanoTime() - 10_000_000_000L)).share("v1")).isOne();
      instance.close();
      await().until(() -> ledger.failures() > 0);
      assertThat(ledger.firstFailure()).isPresent();
    }
  }

  private static InetSocketAddress address(Instance instance) {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), instance.port());
  }
}
