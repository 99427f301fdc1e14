package dev.sluice.server.status;

/** Whether a proxy has what it is to have, of one type. */
public enum SyncState {
  /** It has acknowledged the newest. */
  SYNCED("SYNCED"),
  /** It was sent something that it has not acknowledged yet. */
  STALE("STALE"),
  /** It refused what it was sent last, and goes on with what it had. */
  NACKED("NACKED"),
  /** It was sent nothing: it has not asked, or there is nothing for it. */
  NOT_SENT("NOT SENT");

  private final String text;

  SyncState(String text) {
    this.text = text;
  }

  /** As people read it. */
  @Override
  public String toString() {
    return text;
  }
}
