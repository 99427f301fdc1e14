package dev.sluice.server.rollback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.sluice.catalog.ServiceId;
import dev.sluice.server.files.WholeFile;
import dev.sluice.server.history.DocumentText;
import dev.sluice.server.history.Keys;
import dev.sluice.server.pipeline.Pin;
import dev.sluice.source.DocumentReader;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file in which what is pinned outlives the process: with its documents, and no history. Any
 * thread may call it; what removes a pin leaves one that has taken its place.
 */
final class PinFile {
  private static final Logger LOG = LoggerFactory.getLogger(Rollbacks.class);
  private static final String NAME = "rollback.json";
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);

  private final Path file;
  private final DocumentReader reader;

  /** What the file holds. */
  private record Stored(
      long revision,
      List<DocumentText> documents,
      @Nullable List<String> unreadable,
      List<String> services,
      Instant since,
      Instant until,
      String by,
      String reason) {}

  /** The file in a directory that is there. */
  PinFile(Path directory, DocumentReader reader) {
    this.file = directory.resolve(NAME);
    this.reader = reader;
  }

  /** What is pinned; empty where nothing is, or the file is damaged, which the log tells. */
  Optional<Pin> read() {
    try {
      Stored stored = JSON.readValue(Files.readAllBytes(file), Stored.class);
      List<Document> documents = new ArrayList<>();
      SortedSet<DocumentKey> unreadable =
          Keys.parse(Objects.requireNonNullElse(stored.unreadable(), List.of()));
      for (DocumentText text : stored.documents()) {
        text.document(reader)
            .ifPresentOrElse(
                documents::add, () -> text.key().ifPresent(key -> unreadable.add(key)));
      }
      if (!unreadable.isEmpty()) {
        LOG.warn(
            "{} has documents that this version does not take; what sources tell of them holds: {}",
            file,
            unreadable);
      }
      TreeSet<ServiceId> services = new TreeSet<>();
      stored.services().forEach(name -> services.add(ServiceId.parse(name, "")));
      return Optional.of(
          new Pin(
              stored.revision(),
              Documents.of(documents),
              unreadable,
              services,
              stored.since(),
              stored.until(),
              stored.by(),
              stored.reason()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} cannot be read, so nothing is rolled back", file, e);
      return Optional.empty();
    }
  }

  synchronized void write(Pin pin) throws IOException {
    byte[] bytes =
        JSON.writeValueAsBytes(
            new Stored(
                pin.revision(),
                pin.documents().all().values().stream().map(DocumentText::of).toList(),
                pin.unreadable().stream().map(DocumentKey::toString).toList(),
                names(pin),
                pin.since(),
                pin.until(),
                pin.by(),
                pin.reason()));
    WholeFile.write(file, bytes);
  }

  /** Removes that pin, unless another one is kept by now. */
  synchronized void delete(Pin pin) throws IOException {
    if (holds(pin)) {
      Files.deleteIfExists(file);
    }
  }

  /** The same where the pin of before is to be kept again. */
  synchronized void putBack(Pin pin, Optional<Pin> before) throws IOException {
    if (!holds(pin)) {
      return;
    }
    if (before.isPresent()) {
      write(before.get());
    } else {
      Files.deleteIfExists(file);
    }
  }

  /** Whether the file is of that pin, or of none that could be read. */
  private boolean holds(Pin pin) throws IOException {
    try {
      Stored stored = JSON.readValue(Files.readAllBytes(file), Stored.class);
      return stored.revision() == pin.revision()
          && stored.since().equals(pin.since())
          && stored.until().equals(pin.until())
          && stored.services().equals(names(pin));
    } catch (NoSuchFileException e) {
      return false;
    } catch (JsonProcessingException e) {
      LOG.warn("{} is damaged and is removed", file, e);
      return true;
    }
  }

  private static List<String> names(Pin pin) {
    return pin.services().stream().map(ServiceId::toString).toList();
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
