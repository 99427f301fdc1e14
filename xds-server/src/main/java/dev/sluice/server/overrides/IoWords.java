package dev.sluice.server.overrides;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why a file could not be read or written, for people: no name of a class. */
public final class IoWords {
  private IoWords() {}

  /** Such as {@code No space left on device}; who tells it names the file. */
  public static String of(Exception problem) {
    return switch (problem) {
      case AccessDeniedException _ -> "it is not permitted";
      case FileSystemException failed when failed.getReason() != null -> failed.getReason();
      case FileAlreadyExistsException failed -> failed.getFile() + " is there already";
      case NoSuchFileException failed -> failed.getFile() + " is not there";
      default -> String.valueOf(problem.getMessage());
    };
  }
}
