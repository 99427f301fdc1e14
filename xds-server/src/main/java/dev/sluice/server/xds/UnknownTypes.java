package dev.sluice.server.xds;

import java.util.HashSet;
import java.util.Set;

/** The types that a stream asked for and that are not served; the first of them are logged. */
final class UnknownTypes {
  private static final int LOGGED = 8;

  private final Set<String> told = new HashSet<>();

  /** Whether it is new, and few were told before. */
  boolean isToBeTold(String typeUrl) {
    return told.size() < LOGGED && told.add(typeUrl);
  }
}
