package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.ServiceId;
import dev.sluice.node.InboundPort;
import dev.sluice.node.Role;
import dev.sluice.server.bootstrap.EnvoyBootstrap.Variant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A folder of {@code examples/} on the real server and a real Envoy. In the place of each instance
 * stands a test backend, whose name is the port that the example gives it, and whose version is its
 * label. Nothing else of the documents is changed.
 */
final class Example implements AutoCloseable {
  private static final Path EXAMPLES = EnvoyProcess.repository().resolve("examples");

  /** The ports that the examples' gateways listen on. */
  private static final Pattern GATEWAY_PORT = Pattern.compile("port: (10080|10443)\\b");

  private static final Pattern INSTANCE =
      Pattern.compile(
          "\\{address: 127\\.0\\.0\\.1, port: (?<port>\\d+)(, labels: \\{\\w+: (?<version>\\w+)\\})?\\}");
  private static final Pattern PORT =
      Pattern.compile("(127\\.0\\.0\\.1, port: |127\\.0\\.0\\.1:)(\\d+)");

  private final TestMesh mesh;
  private final SortedMap<String, String> texts = new TreeMap<>();
  private final Map<Integer, Integer> ports = new TreeMap<>();
  private final Map<Integer, TestBackend> instances = new TreeMap<>();

  /**
   * The example of this name, whose proxies are those of {@code web.shop}.
   *
   * @param folder an empty one
   */
  Example(String name, Path folder) {
    mesh = new TestMesh("example-" + name, folder);
    mesh.delete("gateway.yaml");
    mesh.callFrom(new ServiceId("web", "shop"));
    try (Stream<Path> files = Files.list(EXAMPLES.resolve(name))) {
      for (Path file : files.toList()) {
        texts.put(file.getFileName().toString(), Files.readString(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folders of documents that belong together. */
  static List<String> folders() {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      return files
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .filter(name -> !name.equals("envoy") && !name.equals("quickstart"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String readme() throws IOException {
    return Files.readString(EXAMPLES.resolve("README.md"));
  }

  TestMesh mesh() {
    return mesh;
  }

  /** Lets something else than a {@link TestBackend} stand in for the instance at a port. */
  Example with(int port, int standIn) {
    ports.put(port, standIn);
    return this;
  }

  /** Saves the documents and starts an Envoy; fails when the server has anything to say of them. */
  EnvoyProcess start(Role role, InboundPort... inbound) {
    texts.values().forEach(this::startInstances);
    texts.forEach(this::save);
    EnvoyProcess envoy = mesh.start(role, Variant.DELTA, List.of(inbound));
    assertThat(mesh.server().views().problems().get()).isEmpty();
    return envoy;
  }

  private void startInstances(String text) {
    INSTANCE
        .matcher(text)
        .results()
        .forEach(
            found -> {
              int port = Integer.parseInt(found.group("port"));
              if (!ports.containsKey(port)) {
                TestBackend backend =
                    mesh.backend(
                        Objects.requireNonNullElse(found.group("version"), ""),
                        found.group("port"));
                instances.put(port, backend);
                ports.put(port, backend.port());
              }
            });
  }

  private void save(String file, String text) {
    String gateways = GATEWAY_PORT.matcher(text).replaceAll("port: " + mesh.port(Role.GATEWAY));
    mesh.save(
        file,
        PORT.matcher(gateways)
            .replaceAll(
                found -> {
                  int port = Integer.parseInt(found.group(2));
                  return found.group(1) + ports.getOrDefault(port, port);
                }));
  }

  /** Edits a file: what stands there once is replaced. */
  void edit(String file, String before, String after) {
    String text = Objects.requireNonNull(texts.get(file));
    assertThat(text.split(Pattern.quote(before), -1)).as("%s once in %s", before, file).hasSize(2);
    String edited = text.replace(before, after);
    texts.put(file, edited);
    save(file, edited);
  }

  void delete(String file) {
    mesh.delete(file);
  }

  /** What stands in for the instance at a port of the documents. */
  TestBackend instance(int port) {
    return Objects.requireNonNull(instances.get(port));
  }

  /** Calls a service of the mesh, by its host. */
  TrafficClient client(String host) {
    return TrafficClient.to(mesh.port(Role.SIDECAR), host);
  }

  /** Waits, for 40 seconds at most, until fifty answers in a row are as they should be. */
  static void await(TrafficClient client, Predicate<TrafficReport> condition) {
    Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> client.send(50, 1), condition);
  }

  /** Waits likewise until this version alone answers. */
  static void awaitVersion(TrafficClient client, String version) {
    await(client, report -> report.versions().keySet().equals(Set.of(version)));
  }

  @Override
  public void close() {
    mesh.close();
  }
}
