package dev.sluice.bench.load;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;

/** The process of the server under test; {@link XdsLoad} starts it and tells it what to do. */
final class ServerProcess {
  private final ServerUnderTest server;
  private @Nullable Recording recording;

  private ServerProcess(ServerUnderTest server) {
    this.server = server;
  }

  /** Takes a server's name, {@link Workload#arguments}, and the certificates' directory or "". */
  public static void main(String[] arguments) {
    List<String> words = List.of(arguments);
    Workload workload = Workload.parse(words.subList(1, 6));
    Transport transport = transport(workload, words.get(6));
    Commands.serve(new ServerProcess(server(words.get(0), workload, transport))::handle);
    System.exit(0); // Streams that are open hold no one up.
  }

  static Transport transport(Workload workload, String directory) {
    return new Transport(
        workload.tls() ? Optional.of(new Certificates(Path.of(directory))) : Optional.empty());
  }

  private static ServerUnderTest server(String name, Workload workload, Transport transport) {
    Contents contents = new Contents(workload.clusters(), workload.endpoints());
    return switch (Contender.valueOf(name)) {
      case FLOOR -> new Floor(contents, workload.variant(), transport);
      case JCP -> new JavaControlPlane(contents, transport);
      case SLUICE -> new SluiceUnderTest(contents, transport);
    };
  }

  private Map<String, Long> handle(String command, List<String> arguments) throws Exception {
    return switch (command) {
      case "clock" -> Map.of("now", System.nanoTime());
      case "start" -> Map.of("port", (long) server.start(Integer.parseInt(arguments.get(0))));
      case "publish" -> publish(Integer.parseInt(arguments.get(0)));
      case "burst" -> burst(Integer.parseInt(arguments.get(0)), Integer.parseInt(arguments.get(1)));
      case "cpu" -> Map.of("cpu", ProcessFigures.cpuNanos(), "now", System.nanoTime());
      case "memory" -> {
        Map<String, Long> memory = new HashMap<>();
        memory.put("heap", ProcessFigures.heapBytes());
        memory.put("resident", ProcessFigures.residentBytes());
        yield memory;
      }
      case "profile" -> profile();
      case "profiled" -> profiled(Path.of(arguments.get(0)));
      default -> throw new IllegalArgumentException("unknown command " + command);
    };
  }

  private Map<String, Long> publish(int change) {
    long start = System.nanoTime();
    long took = server.publish(change);
    return Map.of("start", start, "took", took);
  }

  private Map<String, Long> burst(int first, int count) {
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      server.publish(first + i);
    }
    return Map.of("start", start, "took", System.nanoTime() - start);
  }

  private Map<String, Long> profile() throws Exception {
    Recording started = new Recording(Configuration.getConfiguration("profile"));
    started.enable("jdk.ExecutionSample").with("period", "5 ms");
    started.enable("jdk.NativeMethodSample").with("period", "5 ms");
    started.start();
    recording = started;
    return Map.of();
  }

  private Map<String, Long> profiled(Path file) throws Exception {
    Recording running = recording;
    if (running != null) {
      running.stop();
      running.dump(file);
      running.close();
    }
    return Map.of();
  }
}
