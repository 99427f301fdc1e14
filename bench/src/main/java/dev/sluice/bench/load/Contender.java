package dev.sluice.bench.load;

import java.util.Locale;

/** The servers that are compared. */
enum Contender {
  /** gRPC Java without a control plane. */
  FLOOR,
  /** java-control-plane. */
  JCP,
  /** This repository's engine. */
  SLUICE;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
