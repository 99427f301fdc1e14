package dev.sluice.e2e;

import dev.sluice.server.pem.PemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * Stands before an API server and sees what is asked and answered: callers speak plain HTTP/1.1 to
 * it, over which each watch has a connection of its own, and it speaks TLS to the API server.
 */
final class ApiServerProxy implements AutoCloseable {
  private static final Pattern REQUEST = Pattern.compile("(?m)^GET (\\S+) HTTP/1\\.1\\r?$");
  private static final Pattern GONE = Pattern.compile("\"code\":\\s*410");

  private final KubernetesCluster cluster;
  private final SSLContext tls;
  private final Acceptor acceptor;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger gone = new AtomicInteger();
  private final Map<String, CompletableFuture<Void>> held = new ConcurrentHashMap<>();
  private volatile boolean cut;

  /** Stands before the API server of this cluster. */
  ApiServerProxy(KubernetesCluster cluster) {
    this.cluster = cluster;
    try {
      tls = SSLContext.getInstance("TLS");
      tls.init(null, PemTrust.in(cluster.folder().resolve("certificates/apiserver.crt")), null);
    } catch (GeneralSecurityException | IOException | PemException e) {
      throw new IllegalStateException(e);
    }
    acceptor = Acceptor.start(this::serve);
  }

  /** A kubeconfig that leads here. */
  Path kubeconfig() {
    try {
      String text = Files.readString(cluster.kubeconfig());
      return Files.writeString(
          cluster.folder().resolve("proxy-" + acceptor.port()),
          text.replaceAll("https://127\\.0\\.0\\.1:\\d+", "http://127.0.0.1:" + acceptor.port()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many watches of a kind, such as {@code endpointslices}, were begun so far. */
  long watches(String plural) {
    return requests.stream().filter(path -> isOf(plural, path) && isWatch(path)).count();
  }

  /** How many lists of a kind were asked for so far. */
  long lists(String plural) {
    return requests.stream().filter(path -> isOf(plural, path) && !isWatch(path)).count();
  }

  private static boolean isOf(String plural, String path) {
    return path.contains("/" + plural + "?") || path.endsWith("/" + plural);
  }

  private static boolean isWatch(String path) {
    return path.contains("watch=true");
  }

  /** How often the API server said 410 Gone. */
  int gone() {
    return gone.get();
  }

  /** Lets nobody through from now on, and ends what is open. */
  void cut() {
    cut = true;
    connections.forEach(Connection::end);
  }

  /** Lets everybody through again. */
  void restore() {
    cut = false;
  }

  /** Who asks for a list of a kind from now on waits until {@link #release}. */
  void holdLists(String plural) {
    held.put(plural, new CompletableFuture<>());
  }

  /** Lets those through who wait for a list of a kind. */
  void release(String plural) {
    CompletableFuture<Void> waiting = held.remove(plural);
    if (waiting != null) {
      waiting.complete(null);
    }
  }

  private void awaitRelease(String path) {
    held.forEach(
        (plural, released) -> {
          if (isOf(plural, path) && !isWatch(path)) {
            released.join();
          }
        });
  }

  /** The watches that are open stay so, and bring nothing any more; others are as always. */
  void muteWatches() {
    connections.stream().filter(one -> one.watch).forEach(one -> one.mute = true);
  }

  private void serve(Socket caller) throws IOException {
    if (cut) {
      return;
    }
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (Socket server = tls.getSocketFactory().createSocket(loopback, cluster.port())) {
      Connection connection = new Connection(caller, server);
      connections.add(connection);
      Thread.ofVirtual().start(connection::copyAnswers);
      connection.copyRequests();
    }
  }

  private final class Connection {
    private final Socket caller;
    private final Socket server;
    private volatile boolean watch;
    private volatile boolean mute;

    Connection(Socket caller, Socket server) {
      this.caller = caller;
      this.server = server;
    }

    void copyRequests() throws IOException {
      byte[] buffer = new byte[65_536];
      InputStream in = caller.getInputStream();
      OutputStream out = server.getOutputStream();
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        Matcher request = REQUEST.matcher(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
        while (request.find()) {
          watch = isWatch(request.group(1));
          requests.add(request.group(1));
          awaitRelease(request.group(1));
        }
        out.write(buffer, 0, n);
        out.flush();
      }
    }

    void copyAnswers() {
      byte[] buffer = new byte[65_536];
      try {
        InputStream in = server.getInputStream();
        OutputStream out = caller.getOutputStream();
        for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
          if (GONE.matcher(new String(buffer, 0, n, StandardCharsets.ISO_8859_1)).find()) {
            gone.incrementAndGet();
          }
          if (!mute) {
            out.write(buffer, 0, n);
          }
        }
      } catch (IOException e) {
        // One side is gone, and so is the other.
      } finally {
        end();
      }
    }

    void end() {
      connections.remove(this);
      try (caller;
          server) {
        mute = true;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() {
    List.copyOf(held.keySet()).forEach(this::release);
    acceptor.close();
    connections.forEach(Connection::end);
  }
}
