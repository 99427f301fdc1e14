package dev.sluice.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * How long {@code sluice serve} takes from the shell until it is ready: {@code bin/bench
 * serve-start}. It serves the documents of the quickstart from files.
 */
public final class ServeStart {
  private static final int RUNS = 11;
  private static final int BETWEEN_MILLIS = 5;

  private ServeStart() {}

  /** Runs it. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path root = Path.of(System.getProperty("repository.root"));
    try (HttpClient client = HttpClient.newHttpClient()) {
      start(root, client); // The first start lays down the classes, if nobody has yet.
      double[] times = new double[RUNS];
      for (int i = 0; i < RUNS; i++) {
        times[i] = start(root, client);
      }
      Arrays.sort(times);
      System.out.printf(
          Locale.ROOT,
          "sluice serve is ready after %.0f ms at the median of %d runs, %.0f ms at most%n",
          times[RUNS / 2],
          RUNS,
          times[RUNS - 1]);
    }
  }

  private static double start(Path root, HttpClient client)
      throws IOException, InterruptedException {
    int port = freePort();
    ProcessBuilder command =
        new ProcessBuilder(
                root.resolve("bin/sluice").toString(),
                "serve",
                "-f",
                root.resolve("examples/quickstart").toString(),
                "--xds=127.0.0.1:0",
                "--admin=127.0.0.1:" + port)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    command.environment().put("SLUICE_BUILD", "never");
    HttpRequest ready =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/readyz")).build();
    long began = System.nanoTime();
    Process server = command.start();
    try {
      while (!isReady(client, ready)) {
        if (!server.isAlive()) {
          throw new IllegalStateException("the server ended with " + server.exitValue());
        }
        Thread.sleep(BETWEEN_MILLIS);
      }
      return (System.nanoTime() - began) / 1e6;
    } finally {
      server.destroy();
      server.waitFor();
    }
  }

  private static boolean isReady(HttpClient client, HttpRequest ready) throws InterruptedException {
    try {
      return client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false; // It does not listen yet.
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
