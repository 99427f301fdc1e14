package dev.sluice.server.rollout;

import dev.sluice.server.conditions.KeptTexts;
import dev.sluice.server.conditions.StoreException;
import dev.sluice.server.conditions.StoreException.Extent;
import dev.sluice.spec.DocumentKey;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Texts beside documents, as all replicas see them; a replica's watch may be late. */
final class SharedPlace {
  final SortedMap<DocumentKey, String> texts = new TreeMap<>();
  int writes;
  int asked;
  boolean failing;

  /** What somebody does just before the next write. */
  Runnable before = () -> {};

  /** What one replica sees. */
  final class View implements KeptTexts {
    /** What its watch shows in place of what is there. */
    Optional<SortedMap<DocumentKey, String>> late = Optional.empty();

    boolean isRead = true;

    /** From now on its watch shows nothing that changes. */
    void freeze() {
      late = Optional.of(new TreeMap<>(texts));
    }

    @Override
    public Optional<SortedMap<DocumentKey, String>> known() {
      return isRead ? Optional.of(late.orElseGet(() -> new TreeMap<>(texts))) : Optional.empty();
    }

    @Override
    public Optional<String> trouble() {
      return Optional.of("nobody answers");
    }

    @Override
    public SortedMap<DocumentKey, String> read() throws StoreException {
      fail();
      return new TreeMap<>(texts);
    }

    @Override
    public boolean write(
        DocumentKey policy, Predicate<String> isExpected, String text, Writer writer)
        throws StoreException {
      asked++;
      fail();
      Runnable first = before;
      before = () -> {};
      first.run();
      if (!isExpected.test(texts.getOrDefault(policy, ""))) {
        return false;
      }
      writes++;
      if (text.isEmpty()) {
        texts.remove(policy);
      } else {
        texts.put(policy, text);
      }
      return true;
    }

    private void fail() throws StoreException {
      if (failing) {
        throw new StoreException(Extent.ALL, "it is away", new IllegalStateException("away"));
      }
    }

    @Override
    public String toString() {
      return "a place";
    }
  }
}
