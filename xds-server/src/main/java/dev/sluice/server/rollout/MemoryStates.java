package dev.sluice.server.rollout;

import dev.sluice.spec.DocumentKey;
import java.util.Collections;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps nothing over the end of the process, and says so once a rollout is there. */
public final class MemoryStates implements RolloutStore {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryStates.class);

  private boolean isTold;

  @Override
  public SortedMap<DocumentKey, RolloutState> read() {
    return Collections.emptySortedMap();
  }

  @Override
  public void write(DocumentKey policy, RolloutState state) {
    if (!isTold) {
      LOG.warn(
          "{}: how its rollout stands is lost when this server ends, and it begins anew then; give"
              + " --state (state in the configuration) a directory",
          policy);
      isTold = true;
    }
  }

  @Override
  public void delete(DocumentKey policy) {}
}
