package dev.sluice.server.rollout;

import dev.sluice.server.conditions.KeptTexts;
import dev.sluice.server.conditions.KeptTexts.Writer;
import dev.sluice.server.conditions.Leadership;
import dev.sluice.server.conditions.StoreException;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How rollouts stand, kept beside their policies, where all replicas of the server see it. */
public final class SharedStates implements RolloutStore {
  private static final Logger LOG = LoggerFactory.getLogger(SharedStates.class);

  private final String where;
  private final Predicate<Document> holds;
  private final Predicate<DocumentKey> stands;
  private final KeptTexts texts;
  private final Leadership leadership;
  private final Replicas replicas;

  /** Each text that was read, with what it says; guarded by this. */
  private final Map<DocumentKey, Parsed> parsed = new HashMap<>();

  private volatile Set<DocumentKey> unreadable = Set.of();

  private record Parsed(String text, Optional<RolloutState> state) {}

  /**
   * States of one cluster or data centre.
   *
   * @param where how that is called
   * @param holds whether a policy comes from there
   * @param stands whether a policy of that name is there
   * @param texts where they are kept
   * @param leadership who carries them out
   */
  public SharedStates(
      String where,
      Predicate<Document> holds,
      Predicate<DocumentKey> stands,
      KeptTexts texts,
      Leadership leadership,
      Replicas replicas) {
    this.where = where;
    this.holds = holds;
    this.stands = stands;
    this.texts = texts;
    this.leadership = leadership;
    this.replicas = replicas;
  }

  @Override
  public boolean holds(Document policy) {
    return holds.test(policy);
  }

  @Override
  public boolean stands(DocumentKey policy) {
    return stands.test(policy);
  }

  @Override
  public boolean isLeader() {
    return leadership.isLeader();
  }

  @Override
  public Optional<SortedMap<DocumentKey, RolloutState>> known() {
    return texts.known().map(this::states);
  }

  @Override
  public Optional<String> trouble() {
    return texts.trouble();
  }

  @Override
  public SortedMap<DocumentKey, RolloutState> read() throws IOException {
    try {
      return states(texts.read());
    } catch (StoreException e) {
      throw new IOException(this + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Set<DocumentKey> unreadable() {
    return unreadable;
  }

  private synchronized SortedMap<DocumentKey, RolloutState> states(
      SortedMap<DocumentKey, String> all) {
    SortedMap<DocumentKey, RolloutState> states = new TreeMap<>();
    Set<DocumentKey> wrong = new TreeSet<>();
    parsed.keySet().retainAll(all.keySet());
    all.forEach(
        (policy, text) -> {
          Parsed known = parsed.get(policy);
          if (known == null || !known.text().equals(text)) {
            known = new Parsed(text, parse(policy, text));
            parsed.put(policy, known);
          }
          known.state().ifPresentOrElse(it -> states.put(policy, it), () -> wrong.add(policy));
        });
    unreadable = Collections.unmodifiableSet(wrong);
    return states;
  }

  private Optional<RolloutState> parse(DocumentKey policy, String text) {
    try {
      return Optional.of(StateText.read(text));
    } catch (IllegalArgumentException e) {
      LOG.error(
          "{}: how its rollout stands cannot be read in {} ({}), so it stays as it is; if no newer"
              + " version of the server wrote it, delete it there",
          policy,
          this,
          e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public boolean write(
      DocumentKey policy, Optional<RolloutState> before, RolloutState next, Writer writer)
      throws IOException {
    return change(policy, before, StateText.of(next), writer);
  }

  @Override
  public boolean delete(DocumentKey policy, RolloutState before) throws IOException {
    return change(policy, Optional.of(before), "", Writer.LEADER);
  }

  private boolean change(
      DocumentKey policy, Optional<RolloutState> before, String text, Writer writer)
      throws IOException {
    try {
      return texts.write(policy, stands -> isSame(before, stands, writer), text, writer);
    } catch (StoreException e) {
      throw new IOException(this + ": " + e.getMessage(), e);
    }
  }

  /** Words are not worth a write, so what is kept may have others. */
  private boolean isSame(Optional<RolloutState> before, String stands, Writer writer) {
    if (stands.isEmpty()) {
      // Somebody took it away: whoever knows it puts it there again. A leader that was stopped in
      // the middle of this may not know that the next one has forgotten it.
      return writer == Writer.ANY || isLeader();
    }
    try {
      RolloutState kept = StateText.read(stands);
      return before.filter(it -> it.serial() == kept.serial() && it.isAllBut(kept)).isPresent();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Override
  public Replicas replicas() {
    return replicas;
  }

  @Override
  public String toString() {
    return texts + " of " + where;
  }
}
