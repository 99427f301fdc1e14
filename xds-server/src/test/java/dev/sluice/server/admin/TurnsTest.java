package dev.sluice.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.settings.HostPort;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private final CountDownLatch free = new CountDownLatch(1);
  private final Semaphore inside = new Semaphore(0);
  private HttpListener listener;

  @BeforeEach
  void start() throws IOException {
    listener =
        HttpListener.start("a test", Connector.at(new HostPort("127.0.0.1", 0), null), this::add);
  }

  private void add(RoutesConfig routes) {
    new Turns().addTo(routes);
    routes
        .get("/livez", context -> context.result("ok"))
        .put("/v1/rollback", this::hold)
        .post(DocumentRoutes.STANDING, this::hold, Reads.ONLY)
        .post(DiffRoutes.PATH, this::hold, Reads.ONLY);
  }

  private void hold(Context context) throws InterruptedException {
    inside.release();
    free.await();
    if (context.body().equals("fail")) {
      throw new IllegalStateException("as the test wants it");
    }
    context.result("done");
  }

  @AfterEach
  void stop() {
    free.countDown();
    client.close();
    listener.close();
  }

  private CompletableFuture<HttpResponse<String>> ask(String method, String path, String body) {
    URI address = URI.create("http://127.0.0.1:" + listener.address().getPort() + path);
    return client.sendAsync(
        HttpRequest.newBuilder(address).method(method, BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }

  private void areInside(int count) throws InterruptedException {
    assertThat(inside.tryAcquire(count, 10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aThirdRequestWithDocumentsIsRefusedAtOnceAndGivenATurnLater() throws Exception {
    var first = ask("POST", DiffRoutes.PATH, "fail");
    var second = ask("POST", DocumentRoutes.STANDING, "");
    areInside(2);

    HttpResponse<String> third = ask("POST", DiffRoutes.PATH, "").get(10, TimeUnit.SECONDS);

    assertThat(ask("POST", DiffRoutes.PATH + "/", "").get(10, TimeUnit.SECONDS).statusCode())
        .isEqualTo(503);
    assertThat(third.statusCode()).isEqualTo(503);
    assertThat(third.headers().firstValue("Retry-After")).contains("1");
    assertThat(third.body()).contains("try again");
    free.countDown();
    assertThat(first.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(500);
    assertThat(second.get(10, TimeUnit.SECONDS).body()).isEqualTo("done");
    for (int turn = 0; turn < 4; turn++) {
      assertThat(ask("POST", DiffRoutes.PATH, "").get(10, TimeUnit.SECONDS).body())
          .isEqualTo("done");
    }
  }

  @Test
  void whateverWaitsTheServerTellsThatItLives() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
    for (int change = 0; change < 8; change++) {
      waiting.add(ask("PUT", "/v1/rollback", ""));
    }
    waiting.add(ask("POST", DiffRoutes.PATH, ""));
    waiting.add(ask("POST", DiffRoutes.PATH, ""));
    areInside(10);

    assertThat(ask("PUT", "/v1/rollback", "").get(10, TimeUnit.SECONDS).statusCode())
        .isEqualTo(503);
    assertThat(ask("GET", "/livez", "").get(10, TimeUnit.SECONDS).body()).isEqualTo("ok");
    free.countDown();
    for (CompletableFuture<HttpResponse<String>> one : waiting) {
      assertThat(one.get(10, TimeUnit.SECONDS).body()).isEqualTo("done");
    }
  }
}
