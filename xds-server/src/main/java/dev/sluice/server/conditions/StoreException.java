package dev.sluice.server.conditions;

import java.util.Objects;

/** That a store did not do what it was asked to; the message says why and what to do. */
public final class StoreException extends Exception {
  private static final long serialVersionUID = 1;

  private final Extent extent;

  /** What it is about. */
  public enum Extent {
    /** What was asked for; something else may fare better. */
    ONE,
    /** What was asked for, of which there is more than the store takes. */
    SIZE,
    /** Whatever is asked for now. */
    ALL
  }

  /** That it failed for a cause. */
  public StoreException(Extent extent, String message, Throwable cause) {
    super(message, cause);
    this.extent = Objects.requireNonNull(extent);
  }

  /** What it is about. */
  public Extent extent() {
    return extent;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
