package dev.sluice.server.diff;

import java.util.Objects;

/**
 * A text with documents that somebody may write.
 *
 * @param file how problems name it
 * @param text YAML 1.2
 */
public record CandidateText(String file, String text) {
  public CandidateText {
    Objects.requireNonNull(file);
    Objects.requireNonNull(text);
  }
}
