package dev.sluice.server.conditions;

import dev.sluice.spec.DocumentKey;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Predicate;

/**
 * Texts that stand beside documents, each written only as it was just read: one that was stopped in
 * between writes over nothing that another one wrote. Any thread may call. Its own text says where
 * it is.
 */
public interface KeptTexts {
  /** Who writes. */
  enum Writer {
    /** The one replica that leads; where the store knows who does, it takes it of no other one. */
    LEADER,
    /** Any replica, for somebody who asked it. */
    ANY
  }

  /** What stands there as far as has been watched; empty while that is not known. */
  Optional<SortedMap<DocumentKey, String>> known();

  /** Why it is not known what stands there; empty where nothing is wrong. */
  Optional<String> trouble();

  /**
   * What stands there by now.
   *
   * @throws StoreException where it cannot be read
   */
  SortedMap<DocumentKey, String> read() throws StoreException;

  /**
   * Writes a text, or none in its place.
   *
   * @param isExpected whether it may be written over what stands there; empty stands for nothing
   * @param text empty to have nothing there
   * @return whether it stands there now
   * @throws StoreException where it cannot be written
   */
  boolean write(DocumentKey policy, Predicate<String> isExpected, String text, Writer writer)
      throws StoreException;
}
