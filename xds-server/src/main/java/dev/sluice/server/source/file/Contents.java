package dev.sluice.server.source.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What there is to read in a file at one moment. */
sealed interface Contents {

  /** A text. */
  record Text(String text) implements Contents {

    /** Whether somebody may still be writing it: it is empty or its last line has no end. */
    boolean mayGoOn() {
      return text.isBlank() || !text.endsWith("\n");
    }
  }

  /** Something that cannot be read; {@code why} says what and what to do. */
  record Unreadable(String why) implements Contents {}

  /** No file any more. */
  record Gone() implements Contents {}

  /**
   * Reads a file.
   *
   * @param file a regular file, or a link to one
   * @param maxBytes the size from which on it is not read
   */
  static Contents read(Path file, int maxBytes) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        return new Unreadable(
            "is larger than " + maxBytes + " bytes; spread its documents over several files");
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new Text(text.startsWith("\uFEFF") ? text.substring(1) : text);
    } catch (IOException e) {
      return failed(file, e);
    }
  }

  /** What there is of a file that could not be read, by how reading it failed. */
  static Contents failed(Path file, IOException failure) {
    return switch (failure) {
      case CharacterCodingException _ -> new Unreadable("is not UTF-8; save it in that encoding");
      case NoSuchFileException _ ->
          Files.exists(file, LinkOption.NOFOLLOW_LINKS)
              ? new Unreadable("is a link to a file that does not exist; mend or remove the link")
              : new Gone();
      case AccessDeniedException _ ->
          new Unreadable("may not be read by this process; give it the permission");
      default -> new Unreadable("could not be read: " + failure.getMessage());
    };
  }
}
