package dev.sluice.server.rollout;

import dev.sluice.server.conditions.KeptTexts.Writer;
import dev.sluice.spec.DocumentKey;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps nothing over the end of the process, and says so once a rollout is there. */
public final class MemoryStates implements OfOneServer {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryStates.class);

  private final SortedMap<DocumentKey, RolloutState> states = new ConcurrentSkipListMap<>();
  private boolean isTold;

  /** Directories keep the last good version of a policy that is wrong. */
  @Override
  public boolean stands(DocumentKey policy) {
    return false;
  }

  @Override
  public Optional<SortedMap<DocumentKey, RolloutState>> known() {
    return Optional.of(read());
  }

  @Override
  public SortedMap<DocumentKey, RolloutState> read() {
    return Collections.unmodifiableSortedMap(states);
  }

  @Override
  public Set<DocumentKey> unreadable() {
    return Set.of();
  }

  @Override
  public Optional<String> trouble() {
    return Optional.empty();
  }

  @Override
  public boolean write(
      DocumentKey policy, Optional<RolloutState> before, RolloutState state, Writer writer) {
    if (!isTold) {
      LOG.warn(
          "{}: how its rollout stands is lost when this server ends, and it begins anew then; give"
              + " --state (state in the configuration) a directory",
          policy);
      isTold = true;
    }
    states.put(policy, state);
    return true;
  }

  @Override
  public boolean delete(DocumentKey policy, RolloutState before) {
    states.remove(policy);
    return true;
  }

  @Override
  public String toString() {
    return "memory";
  }
}
