package dev.sluice.server.cli;

/** Why a command cannot go on, told to the person who called it: one message and an exit code. */
final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int exitCode;
  private final boolean mayPass;

  /** A failure; a server that cannot be reached may be there in a moment. */
  CommandFailure(int exitCode, String message) {
    this(exitCode, message, exitCode == ExitCode.UNREACHABLE);
  }

  private CommandFailure(int exitCode, String message, boolean mayPass) {
    super(message, null, false, false);
    this.exitCode = exitCode;
    this.mayPass = mayPass;
  }

  /** A failure that asking again does not change. */
  static CommandFailure lasting(int exitCode, String message) {
    return new CommandFailure(exitCode, message, false);
  }

  /** Whether asking again may help. */
  boolean mayPass() {
    return mayPass;
  }

  /** Whether waiting is in vain: asking again changes nothing, and it is no "not yet". */
  boolean endsWait() {
    return !mayPass && exitCode != ExitCode.NO;
  }

  int exitCode() {
    return exitCode;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
