package dev.sluice.policy.validate;

import java.util.ArrayList;
import java.util.List;

/** Keys of which exactly one is to be given. */
final class OneOf {
  private OneOf() {}

  /** Whether it is so; else says which are given. */
  static boolean exactlyOne(At at, List<String> keys, boolean... given) {
    List<String> found = new ArrayList<>();
    for (int i = 0; i < given.length; i++) {
      if (given[i]) {
        found.add(keys.get(i));
      }
    }
    if (found.isEmpty()) {
      if (keys.stream().anyMatch(key -> at.key(key).isGiven())) {
        return false; // It is there and could not be read, which has been said.
      }
      at.error("needs one of " + String.join(", ", keys));
    } else if (found.size() > 1) {
      at.error("has " + String.join(" and ", found) + "; keep one of them");
    }
    return found.size() == 1;
  }
}
