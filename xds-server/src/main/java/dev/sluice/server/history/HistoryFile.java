package dev.sluice.server.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.sluice.source.DocumentReader;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of the history: a line for each text of a document, when it is first needed, and one for
 * each revision. Each begins with its checksum, so that one that a crash left half-written is known
 * and dropped. It is written anew, beside and by a rename, where much in it is not needed any more.
 * One thread at a time.
 */
final class HistoryFile {
  private static final Logger LOG = LoggerFactory.getLogger(History.class);
  private static final String NAME = "history.log";
  private static final String DAMAGED = NAME + ".bad";
  private static final String FORMAT = "sluice history 1";
  private static final long MOST_BYTES = 64L << 20;
  private static final long FEWEST_BYTES = 4L << 20;
  private static final int CHECKSUM = 8;
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .registerModule(OptionalNumbers.MODULE)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private final Path directory;
  private final Path file;
  private final DocumentReader reader;
  private final long most;

  /** Hashes of the texts that are in the file. */
  private final Set<String> written = new HashSet<>();

  /** The documents of the file's last revision. */
  private Documents before = Documents.EMPTY;

  private long bytes;
  private long bytesAtRewrite;
  private boolean failing;

  /** Whether the file has what could not be read, and is to be set aside rather than lost. */
  private boolean damaged;

  /** One line: either a document or a revision. */
  private record Line(
      @Nullable String hash, @Nullable DocumentText document, @Nullable StoredRevision revision) {}

  private HistoryFile(Path directory, DocumentReader reader, long most) {
    this.directory = directory;
    this.file = directory.resolve(NAME);
    this.reader = reader;
    this.most = most;
  }

  /**
   * The file in a directory, which is made where there is none.
   *
   * @throws IOException when it cannot be written to; the message names it and says what to do
   */
  static HistoryFile in(Path directory, DocumentReader reader) throws IOException {
    return in(directory, reader, MOST_BYTES);
  }

  static HistoryFile in(Path directory, DocumentReader reader, long most) throws IOException {
    try {
      Files.createDirectories(directory);
      Files.delete(Files.createTempFile(directory, "probe", ".tmp"));
    } catch (IOException e) {
      throw new IOException(
          "the history cannot be kept in %s by this process (%s); give it the permission or name another directory"
              .formatted(directory, e),
          e);
    }
    return new HistoryFile(directory, reader, most);
  }

  /**
   * What the file holds, the newest last; what is damaged ends it. A file that is then written anew
   * is set aside before, unless all that it lost is the last line.
   */
  List<Past> read() {
    List<Past> all = new ArrayList<>();
    List<String> lines;
    try {
      // Damage may be no UTF-8 at all; each line is checked by itself.
      lines = Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList();
    } catch (NoSuchFileException e) {
      return all;
    } catch (IOException e) {
      damaged = true;
      LOG.warn("{} cannot be read and becomes {}; the history begins anew", file, DAMAGED, e);
      return all;
    }
    if (lines.isEmpty() || !lines.getFirst().equals(FORMAT)) {
      damaged = true;
      LOG.warn("{} is not of this version and becomes {}; the history begins anew", file, DAMAGED);
      return all;
    }
    PastDocuments documents = new PastDocuments(reader);
    for (int i = 1; i < lines.size(); i++) {
      try {
        Line line = line(lines.get(i));
        if (line.hash() != null && line.document() != null) {
          documents.text(line.hash(), line.document());
        }
        if (line.revision() != null) {
          all.add(documents.then(line.revision()));
        }
      } catch (IOException | RuntimeException e) {
        int after = lines.size() - i - 1;
        damaged = after > 0;
        LOG.warn(
            "line {} of {} is damaged, as by a crash; it is dropped with the {} after it{}: {}",
            i + 1,
            file,
            after,
            damaged ? ", and the file becomes " + DAMAGED : "",
            e.getMessage());
        break;
      }
    }
    return all;
  }

  private static Line line(String bytes) throws IOException {
    String text = new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    if (text.length() <= CHECKSUM + 1
        || !text.substring(0, CHECKSUM).equals(checksum(text.substring(CHECKSUM + 1)))) {
      throw new IOException("its checksum is another");
    }
    return JSON.readValue(text.substring(CHECKSUM + 1), Line.class);
  }

  private static String checksum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return "%08x".formatted(crc.getValue());
  }

  /**
   * Adds revisions.
   *
   * @param kept all that are to be in the file, these last
   */
  void append(List<Past> some, List<Past> kept) {
    if (failing
        || some.size() >= kept.size()
        || bytes == 0
        || bytes > Math.max(2 * bytesAtRewrite, FEWEST_BYTES)
        || bytes > most) {
      rewrite(kept);
      return;
    }
    StringBuilder text = new StringBuilder();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      for (Past past : some) {
        add(past, text);
      }
      write(channel, text);
    } catch (IOException | RuntimeException e) {
      failed(e); // The next one writes all anew: what was noted of this one is not in the file.
    }
  }

  /** Writes these alone; of more than there is room for, the newest. */
  void rewrite(List<Past> kept) {
    List<Past> some = kept;
    while (true) {
      try {
        write(some);
        bytesAtRewrite = bytes;
        failing = false;
      } catch (IOException | RuntimeException e) {
        failed(e);
        return;
      }
      if (bytes <= most || some.size() <= 1) {
        return;
      }
      some = some.subList(some.size() / 2, some.size());
    }
  }

  private void failed(Exception e) {
    if (!failing) {
      LOG.error("the history cannot be kept in {}; it is tried again", directory, e);
    }
    failing = true;
  }

  private void write(List<Past> all) throws IOException {
    written.clear();
    before = Documents.EMPTY;
    bytes = 0;
    Path next = directory.resolve(NAME + ".tmp");
    try (FileChannel channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      StringBuilder text = new StringBuilder(FORMAT).append('\n');
      for (Past past : all) {
        add(past, text);
      }
      write(channel, text);
    }
    if (damaged) {
      Files.move(file, directory.resolve(DAMAGED), StandardCopyOption.REPLACE_EXISTING);
      damaged = false;
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void write(FileChannel channel, CharSequence text) throws IOException {
    ByteBuffer buffer = StandardCharsets.UTF_8.encode(text.toString());
    bytes += buffer.remaining();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    channel.force(true);
  }

  private void add(Past past, StringBuilder text) throws JsonProcessingException {
    SortedMap<String, String> put = new TreeMap<>();
    List<String> gone = new ArrayList<>();
    if (!isSame(past.documents(), before)) {
      differences(past, put, gone, text);
    }
    line(new Line(null, null, StoredRevision.of(past, put, gone)), text);
    before = past.documents();
  }

  /** Mostly only instances came or went, and the documents are the very same. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean isSame(Documents one, Documents other) {
    return one == other;
  }

  private void differences(
      Past past, SortedMap<String, String> put, List<String> gone, StringBuilder text)
      throws JsonProcessingException {
    for (Document document : past.documents().all().values()) {
      if (before.document(document.key()).filter(document::equals).isEmpty()) {
        DocumentText kept = DocumentText.of(document);
        String hash = kept.hash();
        if (written.add(hash)) {
          line(new Line(hash, kept, null), text);
        }
        put.put(document.key().toString(), hash);
      }
    }
    for (DocumentKey key : before.all().keySet()) {
      if (past.documents().document(key).isEmpty()) {
        gone.add(key.toString());
      }
    }
  }

  private static void line(Line line, StringBuilder text) throws JsonProcessingException {
    String one = JSON.writeValueAsString(line);
    text.append(checksum(one)).append(' ').append(one).append('\n');
  }
}
