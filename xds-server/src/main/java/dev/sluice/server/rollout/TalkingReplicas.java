package dev.sluice.server.rollout;

import dev.sluice.server.conditions.Announcements;
import dev.sluice.server.conditions.Announcements.Tone;
import dev.sluice.server.conditions.Condition;
import dev.sluice.server.conditions.RolloutTalk;
import dev.sluice.server.conditions.RolloutTally;
import dev.sluice.spec.DocumentKey;
import java.util.Optional;
import java.util.SortedMap;

/** Replicas that talk by whoever writes the statuses of the same documents. */
public final class TalkingReplicas implements Replicas {
  private final RolloutTalk talk;
  private final Announcements announcements;

  public TalkingReplicas(RolloutTalk talk, Announcements announcements) {
    this.talk = talk;
    this.announcements = announcements;
  }

  @Override
  public Optional<SortedMap<String, Optional<RolloutTally>>> others(DocumentKey policy) {
    return talk.others(policy, System.nanoTime());
  }

  @Override
  public void tell(
      SortedMap<DocumentKey, RolloutTally> own, SortedMap<DocumentKey, Condition> conditions) {
    talk.tally(own);
    talk.conditions(conditions);
  }

  @Override
  public void announce(DocumentKey policy, Tone tone, String reason, String words) {
    announcements.tell(policy, tone, reason, words);
  }
}
