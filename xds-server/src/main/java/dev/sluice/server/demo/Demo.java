package dev.sluice.server.demo;

import dev.sluice.server.admin.ControlPlane;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The quickstart: a control plane, a real Envoy, two versions of a small service and live traffic,
 * all of which ends with the demo, however it is ended.
 */
public final class Demo {
  private static final long HOOK_HEAD_START_MILLIS = 300;

  private final DemoSettings settings;
  private final ControlPlane.Starter starter;
  private final PrintStream out;
  private final Stage stage = new Stage();
  private volatile boolean ending;
  private volatile @Nullable Show show;

  /**
   * A demo that is not started.
   *
   * @param starter starts its control plane
   * @param out where it is seen
   */
  public Demo(DemoSettings settings, ControlPlane.Starter starter, PrintStream out) {
    this.settings = settings;
    this.starter = starter;
    this.out = out;
  }

  /**
   * Makes a list of edits by itself and tells what came of each.
   *
   * @return whether every request was answered and every share was as asked
   * @throws DemoException when it cannot start or go on; the message says why
   */
  public boolean once() throws DemoException, InterruptedException {
    return run(set -> new Rehearsal(set, out).run());
  }

  /**
   * Shows the traffic while the documents are edited, until the process is ended.
   *
   * @param ink whether a terminal is written to in colours
   * @throws DemoException when it cannot start or go on; the message says why
   */
  public void show(Ink ink) throws DemoException, InterruptedException {
    run(
        set -> {
          try (Show running = new Show(set, ink, out)) {
            show = running;
            running.run();
          } finally {
            show = null;
          }
          return true;
        });
  }

  private interface Act {
    boolean on(Stage.Set set) throws IOException, DemoException, InterruptedException;
  }

  private boolean run(Act act) throws DemoException, InterruptedException {
    Thread hook = Thread.ofPlatform().name("end-of-demo").unstarted(this::end);
    Runtime.getRuntime().addShutdownHook(hook);
    try (stage) {
      out.println("Starting the control plane, Envoy and two versions of a small service ...");
      out.flush();
      return act.on(stage.build(settings, starter));
    } catch (IOException e) {
      awaitEnd();
      throw new DemoException(e.getMessage() == null ? e.toString() : e.getMessage());
    } catch (DemoException | IllegalStateException e) {
      awaitEnd();
      throw e;
    }
  }

  /** Ctrl-C reaches Envoy too: that it ended is no news then, and the end is under way. */
  private void awaitEnd() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(HOOK_HEAD_START_MILLIS);
    if (ending) {
      Thread.currentThread().join();
    }
  }

  private void end() {
    ending = true;
    Show running = show;
    if (running != null) {
      running.close();
    }
    stage.close();
    if (running != null) {
      running.summary().ifPresent(out::println);
      out.println(
          settings.keep() ? "The documents stay in " + settings.documents() : "All is removed.");
      out.flush();
    }
  }
}
