package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.problem.Problem;
import dev.sluice.server.admin.GivenTexts;
import dev.sluice.server.source.file.DocumentFile;
import dev.sluice.source.DocumentReader.Reading;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Texts of documents, as the server is sent them. */
final class DocumentFiles {
  /** A little less than the server takes: a name or two stand beside them. */
  private static final int MOST_BYTES = GivenTexts.MOST_BYTES - 10_000;

  private DocumentFiles() {}

  /**
   * Reads files, and in directories those that the server reads.
   *
   * @throws CommandFailure when one cannot be read, or there is none
   */
  static ArrayNode read(List<Path> paths) {
    for (Path path : paths) {
      if (!Files.exists(path)) {
        throw new CommandFailure(ExitCode.USAGE, path + " is not there");
      }
    }
    ArrayNode documents = JsonNodeFactory.instance.arrayNode();
    List<Problem> unreadable = new ArrayList<>();
    DocumentFile.read(
            paths,
            (file, text) -> {
              documents.addObject().put("file", file).put("text", text);
              return new Reading(List.of(), true, List.of());
            })
        .forEach(file -> unreadable.addAll(file.reading().problems()));
    if (!unreadable.isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE, String.join("; ", unreadable.stream().map(Problem::toString).toList()));
    }
    if (!paths.isEmpty() && documents.isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE, "there is no *.yaml, *.yml or *.json in what was given with -f");
    }
    if (documents.toString().getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      // A server that refuses it ends the connection while it is written.
      throw new CommandFailure(
          ExitCode.USAGE,
          "the documents have more than %d MiB together; ask about fewer at a time"
              .formatted(GivenTexts.MOST_BYTES >> 20));
    }
    return documents;
  }
}
