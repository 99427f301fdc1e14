package dev.sluice.server.source.file;

import dev.sluice.problem.Problem;
import dev.sluice.server.source.TextState;
import dev.sluice.server.source.file.LastGoodTexts.Kept;
import dev.sluice.source.DocumentReader.Item;
import dev.sluice.source.DocumentReader.Reading;
import dev.sluice.spec.DocumentKey;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a file gave when the source saw it first, where there is no last good version but what was
 * kept.
 *
 * @param file which one
 * @param reading what it holds; empty where it could not be read
 * @param state what it contributes
 */
record FirstLook(Path file, Optional<Reading> reading, TextState state) {

  private static final Logger LOG = LoggerFactory.getLogger(FileSource.class);

  /** Whether every document of a text is there and free of errors. */
  static boolean isGood(Reading reading) {
    return reading.complete()
        && !Problem.anyError(reading.problems())
        && reading.items().stream().allMatch(item -> item.document().isPresent());
  }

  /** Tells the log what came from the kept text, and what is lost because nothing was kept. */
  void log(Optional<Kept> kept, LastGoodTexts texts) {
    Set<DocumentKey> stays = restored();
    if (!stays.isEmpty() && kept.isPresent()) {
      LOG.warn(
          "{} is wrong: {} as in its revision {} of {} (the begin of its SHA-256, and when it was"
              + " read); edits since then do not count before the file is mended",
          file,
          stays.stream().map(Object::toString).collect(Collectors.joining(", ", "", " stays")),
          kept.get().revision(),
          kept.get().readAt());
    }
    String lost = lost();
    if (!lost.isEmpty()) {
      LOG.error(
          "{} is wrong, and there is no last good version of {}, because {}: proxies lose what came"
              + " from it. Mend the file{}",
          file,
          lost,
          texts.areKept()
              ? "no revision of the file without an error was seen before"
              : "the server has just started",
          texts.areKept()
              ? ""
              : "; to have last good versions kept over restarts, start the server with --state DIR");
    }
  }

  /** The documents that count and are not in the file as it is. */
  Set<DocumentKey> restored() {
    Set<DocumentKey> keys = new TreeSet<>(state.documents().keySet());
    reading.stream()
        .flatMap(one -> one.items().stream())
        .flatMap(item -> item.document().stream())
        .forEach(document -> keys.remove(document.key()));
    return keys;
  }

  /** The documents that are in the file and do not count; blank where there are none. */
  String lost() {
    if (reading.isEmpty()) {
      return "";
    }
    Set<String> lost = new TreeSet<>();
    boolean unknown = !reading.get().complete();
    for (Item item : reading.get().items()) {
      unknown |= item.key().isEmpty();
      item.key()
          .filter(key -> !state.documents().containsKey(key))
          .ifPresent(key -> lost.add(key.toString()));
    }
    if (unknown && restored().isEmpty()) {
      lost.add("what cannot be read in it");
    }
    return String.join(", ", lost);
  }
}
