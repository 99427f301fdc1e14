package dev.sluice.server.source.secret;

import dev.sluice.server.source.SecretTexts;
import dev.sluice.server.source.SecretTexts.UnusableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads the files of one secret. */
final class SecretFolder {
  /** What a folder may hold. */
  static final List<String> FILES =
      List.of(SecretTexts.CHAIN, SecretTexts.KEY, SecretTexts.AUTHORITIES);

  private static final int MOST_BYTES = 1024 * 1024;

  private SecretFolder() {}

  /**
   * Reads the files.
   *
   * @throws UnusableException when one that is there cannot be read
   */
  static SecretTexts read(Path folder) throws UnusableException {
    return new SecretTexts(
        text(folder.resolve(SecretTexts.CHAIN)),
        text(folder.resolve(SecretTexts.KEY)),
        text(folder.resolve(SecretTexts.AUTHORITIES)));
  }

  private static Optional<String> text(Path file) throws UnusableException {
    String name = String.valueOf(file.getFileName());
    if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
      throw new UnusableException(name + " is no file"); // Opening a pipe may take for ever.
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new UnusableException(name + " is larger than " + MOST_BYTES + " bytes");
      }
      return Optional.of(new String(bytes, StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (AccessDeniedException e) {
      throw new UnusableException(
          name + " may not be read by this process; give it the permission");
    } catch (IOException e) {
      throw new UnusableException(name + " cannot be read: " + e.getMessage());
    }
  }
}
