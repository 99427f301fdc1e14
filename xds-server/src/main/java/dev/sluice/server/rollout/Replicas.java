package dev.sluice.server.rollout;

import dev.sluice.server.conditions.Announcements.Tone;
import dev.sluice.server.conditions.Condition;
import dev.sluice.server.conditions.RolloutTally;
import dev.sluice.spec.DocumentKey;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;

/** What servers that carry out the same rollouts tell each other, and people. Any thread calls. */
public interface Replicas {
  /** There are no others, and people look at this server. */
  Replicas NONE =
      new Replicas() {
        @Override
        public Optional<SortedMap<String, Optional<RolloutTally>>> others(DocumentKey policy) {
          return Optional.of(Collections.emptySortedMap());
        }

        @Override
        public void tell(
            SortedMap<DocumentKey, RolloutTally> own,
            SortedMap<DocumentKey, Condition> conditions) {}

        @Override
        public void announce(DocumentKey policy, Tone tone, String reason, String words) {}
      };

  /**
   * What each living replica but this one told of a rollout, by who it is; of one that told nothing
   * an empty Optional. Empty as a whole while it is not known who there is.
   */
  Optional<SortedMap<String, Optional<RolloutTally>>> others(DocumentKey policy);

  /** Tells how this server's proxies are with rollouts that go on, and how all of them stand. */
  void tell(SortedMap<DocumentKey, RolloutTally> own, SortedMap<DocumentKey, Condition> conditions);

  /** Tells people that something happened. */
  void announce(DocumentKey policy, Tone tone, String reason, String words);
}
