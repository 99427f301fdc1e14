package dev.sluice.server.status;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How far a proxy is with one type of resource.
 *
 * @param type such as {@code clusters}
 * @param state whether it has the newest
 * @param behind for how long it has not had it; zero when synced or not sent
 * @param sent version of what it was sent last; empty when nothing was
 * @param acknowledged version of what it acknowledged last; empty when it has not
 * @param refusal why it refused what it was sent last, where it did
 */
public record TypeStatus(
    String type,
    SyncState state,
    Duration behind,
    String sent,
    String acknowledged,
    Optional<Refusal> refusal) {
  public TypeStatus {
    Objects.requireNonNull(type);
    Objects.requireNonNull(state);
    Objects.requireNonNull(behind);
    Objects.requireNonNull(sent);
    Objects.requireNonNull(acknowledged);
    Objects.requireNonNull(refusal);
  }
}
