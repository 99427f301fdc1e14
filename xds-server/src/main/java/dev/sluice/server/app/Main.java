package dev.sluice.server.app;

import dev.sluice.server.cli.SluiceCommand;

/** Where {@code bin/sluice} starts. */
public final class Main {
  private Main() {}

  /** Runs the command that {@code args} name and exits with its code. */
  public static void main(String[] args) {
    System.exit(SluiceCommand.run(args, SluiceServer::start));
  }
}
