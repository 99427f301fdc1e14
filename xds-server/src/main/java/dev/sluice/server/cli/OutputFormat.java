package dev.sluice.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.server.admin.YamlText;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import picocli.CommandLine.Option;

/** {@code -o}: how a command's answer is written. */
final class OutputFormat {
  /** The forms that every answer has. */
  enum Form {
    TEXT,
    WIDE,
    JSON,
    YAML
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "text",
      description = "text (default), wide (more columns), json or yaml.")
  private Form form = Form.TEXT;

  Form form() {
    return form;
  }

  boolean isText() {
    return form == Form.TEXT || form == Form.WIDE;
  }

  /** Writes {@code value} as JSON, or as YAML where that was asked for. */
  void write(JsonNode value, PrintWriter out) {
    out.print(form == Form.YAML ? YamlText.of(value) : json(value) + "\n");
  }

  /** What stands between two answers of one command. */
  String separator() {
    return form == Form.YAML ? "---\n" : "";
  }

  private static String json(JsonNode value) {
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
