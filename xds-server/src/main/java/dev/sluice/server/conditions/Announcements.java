package dev.sluice.server.conditions;

import dev.sluice.spec.DocumentKey;

/** Where people are told what happens to documents. Any thread may call; it never waits. */
public interface Announcements extends AutoCloseable {
  /** Tells nobody. */
  Announcements NONE =
      new Announcements() {
        @Override
        public void tell(DocumentKey document, Tone tone, String reason, String words) {}

        @Override
        public void close() {}
      };

  /** Whether somebody should look. */
  enum Tone {
    NORMAL,
    WARNING
  }

  /**
   * Tells that something happened.
   *
   * @param reason one word for programs
   * @param words for people
   */
  void tell(DocumentKey document, Tone tone, String reason, String words);

  /** Tells no more. */
  @Override
  void close();
}
