package dev.sluice.bench.load;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The orchestrator's end of its conversation with one child process; see {@link Commands}. */
final class Child implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long PATIENCE_SECONDS = 10;

  private final Process process;
  private final BufferedReader answers;

  private Child(Process process) {
    this.process = process;
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Starts a Java process with this one's class path.
   *
   * @param pin what stands before the command, to keep it to a core; empty for nothing
   */
  static Child start(List<String> pin, List<String> jvm, Class<?> main, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(pin);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    // Its doubts about two logback.xml on the class path are no result.
    command.add("-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener");
    command.addAll(jvm);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return new Child(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Says a command and waits for its figures. */
  Answer ask(Object... words) throws IOException {
    List<String> texts = new ArrayList<>();
    for (Object word : words) {
      texts.add(word.toString());
    }
    String command = String.join(" ", texts);
    OutputStream out = process.getOutputStream();
    out.write((command + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
    for (String line = answers.readLine(); line != null; line = answers.readLine()) {
      if (line.startsWith(Commands.ANSWER)) {
        return answer(line.substring(Commands.ANSWER.length()));
      }
      System.err.println(line);
    }
    throw new IOException("the process ended during " + command);
  }

  private static Answer answer(String json) throws IOException {
    Map<String, Object> values = JSON.readValue(json, new TypeReference<>() {});
    if (values.get("error") instanceof String error) {
      throw new IOException(error);
    }
    return new Answer(values);
  }

  /**
   * The figures of one answer.
   *
   * @param values by name
   */
  record Answer(Map<String, Object> values) {
    /** The figure of that name, which the answer has. */
    long get(String name) {
      if (values.get(name) instanceof Number number) {
        return number.longValue();
      }
      throw new IllegalStateException("no " + name + " in " + values);
    }
  }

  /** Ends the process, at once if it does not end by itself. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Kills the process, as a crash does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
