package dev.sluice.server.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds the Envoy to run, as {@code bin/peers path envoy} does: the one that {@code SLUICE_ENVOY}
 * names, else one on {@code PATH} that is new enough, else the newest that {@code bin/peers
 * install} put under {@code .peers} of the checkout (or where {@code SLUICE_PEERS} says).
 */
public final class EnvoyBinary {
  /** The command that installs an Envoy, from the checkout's root. */
  public static final String INSTALL_COMMAND = "bin/peers install envoy";

  private static final Version OLDEST = new Version(1, 36, 0);
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+)");

  private EnvoyBinary() {}

  /** The Envoy to run, or empty where there is none. */
  public static Optional<Path> find(Path checkout) {
    return find(checkout, System.getenv());
  }

  static Optional<Path> find(Path checkout, Map<String, String> environment) {
    String named = environment.getOrDefault("SLUICE_ENVOY", "");
    if (!named.isEmpty()) {
      return Optional.of(Path.of(named)).filter(Files::isExecutable);
    }
    return onPath(environment.getOrDefault("PATH", ""))
        .or(() -> installed(peers(checkout, environment).resolve("envoy")));
  }

  private static Path peers(Path checkout, Map<String, String> environment) {
    String folder = environment.getOrDefault("SLUICE_PEERS", "");
    return folder.isEmpty() ? checkout.resolve(".peers") : Path.of(folder);
  }

  private static Optional<Path> onPath(String path) {
    return Stream.of(path.split(File.pathSeparator, -1))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, "envoy"))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .limit(1)
        .filter(file -> version(file).filter(it -> it.compareTo(OLDEST) >= 0).isPresent())
        .findFirst();
  }

  private static Optional<Path> installed(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    SortedMap<Version, Path> found = new TreeMap<>();
    try (Stream<Path> versions = Files.list(folder)) {
      versions
          .filter(it -> Files.isExecutable(it.resolve("envoy")))
          .forEach(
              it ->
                  Version.in(String.valueOf(it.getFileName()))
                      .ifPresent(version -> found.put(version, it.resolve("envoy"))));
    } catch (IOException e) {
      return Optional.empty(); // A folder that cannot be read holds no Envoy for us.
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(found.lastEntry().getValue());
  }

  /** What the binary says of itself; empty when it does not run. */
  private static Optional<Version> version(Path envoy) {
    try {
      Process process =
          new ProcessBuilder(envoy.toString(), "--version").redirectErrorStream(true).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      return Version.in(text);
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private record Version(int major, int minor, int patch) implements Comparable<Version> {
    static Optional<Version> in(String text) {
      Matcher matcher = VERSION.matcher(text);
      return matcher.find()
          ? Optional.of(
              new Version(
                  Integer.parseInt(matcher.group(1)),
                  Integer.parseInt(matcher.group(2)),
                  Integer.parseInt(matcher.group(3))))
          : Optional.empty();
    }

    @Override
    public int compareTo(Version other) {
      return Comparator.comparingInt(Version::major)
          .thenComparingInt(Version::minor)
          .thenComparingInt(Version::patch)
          .compare(this, other);
    }
  }
}
