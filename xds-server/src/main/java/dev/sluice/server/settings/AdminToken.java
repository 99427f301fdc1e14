package dev.sluice.server.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Who may use the admin API.
 *
 * @param name who it is, as the log tells it
 * @param secret what proves it
 * @param may what it may do
 */
public record AdminToken(String name, Secret secret, May may) {
  private static final int FEWEST_CHARACTERS = 16;
  private static final Pattern ONE_WORD = Pattern.compile("[!-~]+");

  public AdminToken {
    Objects.requireNonNull(name);
    Objects.requireNonNull(secret);
    Objects.requireNonNull(may);
  }

  /** What a token may do. */
  public enum May {
    /** See all. */
    READ,
    /** See all, and change what the admin API can change. */
    WRITE
  }

  /** What is sent as a bearer token. */
  public sealed interface Secret {
    /** One that is given as it is. */
    record Given(String text) implements Secret {
      public Given {
        Objects.requireNonNull(text);
      }

      /** Without the secret. */
      @Override
      public String toString() {
        return "Given";
      }
    }

    /** One that is read from a file, and again when that changes. */
    record InFile(Path file) implements Secret {
      public InFile {
        Objects.requireNonNull(file);
      }
    }

    /**
     * The secret as it is now.
     *
     * @throws IOException when it cannot be had, or is none; the message says what to do
     */
    default String read() throws IOException {
      return switch (this) {
        case Given(String text) -> checked("the token", text);
        case InFile(Path file) -> {
          String text;
          try {
            text = Files.readString(file).strip();
          } catch (IOException e) {
            throw new IOException(
                "the token's file %s cannot be read; write it".formatted(file), e);
          }
          yield checked("what the token's file %s holds".formatted(file), text);
        }
      };
    }

    private static String checked(String what, String text) throws IOException {
      if (text.length() < FEWEST_CHARACTERS || !ONE_WORD.matcher(text).matches()) {
        throw new IOException(
            "%s is not one word of %d characters or more; write what 'openssl rand -hex 32' prints"
                .formatted(what, FEWEST_CHARACTERS));
      }
      return text;
    }
  }
}
