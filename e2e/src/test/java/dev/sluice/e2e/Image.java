package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import dev.sluice.e2e.KubernetesCluster.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The image as {@code docker load} takes it, unpacked with no registry and no daemon.
 *
 * @param config as the image's own JSON has it
 * @param layers the files of each layer, as tar lists them
 * @param root where its file system was laid out
 */
record Image(Struct config, List<String> layers, Path root) {
  /** What {@code mvn package -Pimage} writes. */
  static final Path TAR = EnvoyProcess.repository().resolve("xds-server/target/sluice-image.tar");

  /** Enters the file system as a container does: read-only but for /tmp, with /proc and /dev. */
  private static final String ENTER =
      """
      mount --bind "$1" "$1" &&
      mount --rbind /proc "$1/proc" && mount --rbind /dev "$1/dev" &&
      mount -t tmpfs tmpfs "$1/tmp" && mount --bind "$2" "$1/etc/sluice" &&
      mount -o remount,bind,ro "$1" &&
      shift 2 && exec chroot "$@"
      """;

  /** Unpacks the image below a folder. */
  static Image unpack(Path folder) throws IOException {
    Path parts = Files.createDirectory(folder.resolve("parts"));
    Path root = Files.createDirectory(folder.resolve("root"));
    tar("-xf", TAR.toString(), "-C", parts.toString());
    List<String> files = new ArrayList<>();
    for (String layer : layersOf(Files.readString(parts.resolve("manifest.json")))) {
      String archive = parts.resolve(layer).toString();
      files.add(tar("-tzf", archive));
      tar("-xzf", archive, "-C", root.toString(), "--no-same-owner");
    }
    Struct config = json(Files.readString(parts.resolve("config.json")));
    return new Image(config, files, root);
  }

  /**
   * Runs the image's entry point.
   *
   * @param etc what is mounted on /etc/sluice
   * @param log where its output goes
   * @param environment what a pod has beside what the image says
   */
  Process run(Path etc, Path log, Map<String, String> environment, String... arguments)
      throws IOException {
    for (String mountPoint : List.of("proc", "dev", "etc/sluice")) {
      Files.createDirectories(root.resolve(mountPoint));
    }
    List<String> command =
        new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", ENTER, "sh", root.toString()));
    command.add(etc.toString());
    command.add(root.toString());
    strings("Entrypoint").forEach(command::add);
    command.addAll(List.of(arguments));
    ProcessBuilder process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    process.environment().putAll(environment);
    return process.start();
  }

  /** The port for probes that the system gave a server, as its log says once it listens. */
  static int telemetryPort(Process server, Path log) throws IOException {
    Pattern said = Pattern.compile("telemetry on http://0.0.0.0:(\\d+)");
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> !server.isAlive() || said.matcher(Files.readString(log)).find());
    String text = Files.readString(log);
    Matcher port = said.matcher(text);
    assertThat(port.find()).as(text).isTrue();
    return Integer.parseInt(port.group(1));
  }

  /** A list of the configuration of its containers. */
  List<String> strings(String key) {
    return strings(container(), key);
  }

  /** The configuration of its containers. */
  Struct container() {
    return config.getFieldsOrThrow("config").getStructValue();
  }

  private static List<String> layersOf(String manifest) throws InvalidProtocolBufferException {
    Struct images = json("{\"images\":" + manifest + "}");
    Struct first = images.getFieldsOrThrow("images").getListValue().getValues(0).getStructValue();
    return strings(first, "Layers");
  }

  private static List<String> strings(Struct struct, String key) {
    return struct.getFieldsOrThrow(key).getListValue().getValuesList().stream()
        .map(Value::getStringValue)
        .toList();
  }

  private static Struct json(String text) throws InvalidProtocolBufferException {
    Struct.Builder struct = Struct.newBuilder();
    JsonFormat.parser().merge(text, struct);
    return struct.build();
  }

  private static String tar(String... arguments) {
    List<String> command = new ArrayList<>(List.of("tar", "--warning=no-unknown-keyword"));
    command.addAll(List.of(arguments));
    CommandResult result = CommandResult.of(command, "");
    if (!result.succeeded()) {
      throw new AssertionError(command + ": " + result.output());
    }
    return result.output();
  }
}
