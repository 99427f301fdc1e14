package dev.sluice.server.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a file that the caller named. */
final class TextFile {
  private TextFile() {}

  /**
   * Its text.
   *
   * @throws CommandFailure when it cannot be read
   */
  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new CommandFailure(ExitCode.USAGE, file + " is not there");
    } catch (CharacterCodingException e) {
      throw new CommandFailure(ExitCode.USAGE, file + " is not text in UTF-8");
    } catch (IOException e) {
      String why = Files.isDirectory(file) ? "it is a directory" : e.toString();
      throw new CommandFailure(ExitCode.USAGE, file + " cannot be read: " + why);
    }
  }
}
