package dev.sluice.server.app;

import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.history.History;
import dev.sluice.server.rollback.RollbackFacts;
import dev.sluice.server.rollback.Rollbacks;
import dev.sluice.server.settings.ServerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The folder {@code history} of the state directory: revisions, and what is rolled back to. */
final class PastFolder {
  private PastFolder() {}

  /**
   * The history, kept where there is a state directory.
   *
   * @throws IOException when it cannot be written to; the message names it
   */
  static History history(@Nullable Path state) throws IOException {
    return state == null ? History.inMemory() : History.in(folder(state), DocumentParser.reader());
  }

  /** The rollbacks; the folder is there. */
  static Rollbacks rollbacks(ServerSettings settings, RollbackFacts facts, InstantSource clock) {
    Rollbacks.Writing writing =
        switch (settings.writing()) {
          case ON -> Rollbacks.Writing.ON;
          case OFF -> Rollbacks.Writing.OFF;
        };
    Path state = settings.state();
    return state == null
        ? Rollbacks.inMemory(facts, writing, clock)
        : Rollbacks.in(folder(state), DocumentParser.reader(), facts, writing, clock);
  }

  private static Path folder(Path state) {
    return state.resolve("history");
  }
}
