package dev.sluice.server.demo;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The interactive demo: shows what happens until it is ended. */
final class Show implements AutoCloseable {
  private static final int LOOK_MILLIS = 25;
  private static final int LOOKS_PER_FRAME = 10;
  private static final int LOOKS_PER_LINE = 80;

  private final Stage.Set stage;
  private final PrintStream out;
  private final Dashboard dashboard;
  private final Watcher watcher;
  private @Nullable Screen screen;
  private volatile @Nullable View last;

  Show(Stage.Set stage, Ink ink, PrintStream out) throws DemoException {
    this.stage = stage;
    this.out = out;
    this.dashboard = new Dashboard(guide(stage), ink);
    this.watcher = new Watcher(stage);
    this.screen = TerminalSize.now().isPresent() ? new Screen(out) : null;
  }

  private static Guide guide(Stage.Set stage) throws DemoException {
    Quickstart quickstart = stage.quickstart();
    Path policy = stage.file(quickstart.policyFile());
    String call =
        "curl -H 'Host: %s' http://127.0.0.1:%d/"
            .formatted(quickstart.host(), stage.gateway().getPort());
    String status =
        "bin/sluice status --server http://127.0.0.1:" + stage.server().adminAddress().getPort();
    return new Guide(
        Watcher.WINDOW_SECONDS,
        call,
        policy.toString(),
        status,
        List.of(
            "other weights, and save: weights: {v1: 50, v2: 50}",
            "the call above with -H 'x-canary: true': the policy's route \"testers\" gives v2",
            "a route of your own, such as match: [{path: {prefix: /beta}}]",
            "taking an instance's line out of %s: no call fails"
                .formatted(quickstart.serviceFile()),
            "a mistake, such as v3 in the weights: told here, and nothing else changes"));
  }

  /** Goes on until the thread is interrupted or Envoy ends. */
  void run() throws DemoException, InterruptedException {
    if (screen == null) {
      runPlain();
    }
    for (int look = 0; ; look++) {
      stage.envoy().check();
      watcher.look();
      if (look % LOOKS_PER_FRAME == 0) {
        draw();
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }

  private void draw() {
    View view = watcher.view();
    last = view;
    TerminalSize size = TerminalSize.now().orElse(new TerminalSize(80, 24));
    Screen drawn = screen;
    if (drawn != null) {
      drawn.show(dashboard.lines(view, size.columns()), size.rows());
    }
  }

  private void runPlain() throws DemoException, InterruptedException {
    Guide guide = dashboard.guide();
    out.println("call    " + guide.call());
    out.println("edit    " + guide.edit());
    out.println("status  " + guide.status());
    List<String> told = List.of();
    for (int look = 0; ; look++) {
      stage.envoy().check();
      watcher.look();
      if (look % LOOKS_PER_LINE == 0) {
        View view = watcher.view();
        last = view;
        out.println(Dashboard.plain(view));
        if (!view.problems().equals(told)) {
          told = view.problems();
          told.forEach(problem -> out.println("problem " + problem));
        }
        out.flush();
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }

  /** What was seen last, in a sentence; empty before the first look. */
  Optional<String> summary() {
    return Optional.ofNullable(last)
        .map(
            view ->
                String.format(
                    Locale.ROOT, "%,d requests, %,d failed", view.total(), view.failed()));
  }

  @Override
  public void close() {
    Screen open = screen;
    if (open != null) {
      open.close();
    }
  }
}
