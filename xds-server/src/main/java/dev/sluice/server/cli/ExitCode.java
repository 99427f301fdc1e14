package dev.sluice.server.cli;

/** What a command answers the shell. */
final class ExitCode {
  /** Done. */
  static final int OK = 0;

  /** The answer is no: problems were found, a proxy is out of sync. */
  static final int NO = 1;

  /** The command was called wrongly. */
  static final int USAGE = 2;

  /**
   * The server cannot be reached, or does not say: it is busy, or lets nobody in with that token.
   */
  static final int UNREACHABLE = 3;

  private ExitCode() {}
}
