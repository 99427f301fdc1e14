package dev.sluice.bench.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A child process's end of its conversation: one command a line on the standard input, such as
 * {@code publish 7}, and for each a line of JSON on the standard output. It ends with the input.
 */
final class Commands {
  /** Starts a line that is an answer; others are for people. */
  static final String ANSWER = "=> ";

  /** Does one command and answers with figures. */
  interface Handler {
    Map<String, Long> handle(String command, List<String> arguments) throws Exception;
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private Commands() {}

  /** Answers until the input ends; a failure is answered too, under {@code error}. */
  static void serve(Handler handler) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        List<String> words = List.of(line.split(" "));
        out.println(ANSWER + answer(handler, words.get(0), words.subList(1, words.size())));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the conversation with the benchmark broke", e);
    }
  }

  private static String answer(Handler handler, String command, List<String> arguments)
      throws IOException {
    try {
      return JSON.writeValueAsString(handler.handle(command, arguments));
    } catch (Exception e) {
      return JSON.writeValueAsString(Map.of("error", command + ": " + e));
    }
  }
}
