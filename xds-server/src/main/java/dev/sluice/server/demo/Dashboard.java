package dev.sluice.server.demo;

import static java.util.Locale.ROOT;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The table of the interactive demo, as lines that fit a width.
 *
 * @param guide what does not change
 * @param ink whether it has colours
 */
record Dashboard(Guide guide, Ink ink) {
  private static final int NARROWEST = 40;
  private static final int LABEL = 10;
  private static final int WIDEST_BAR = 60;
  private static final String EIGHTHS = " ▏▎▍▌▋▊▉";

  /** The lines for a terminal of {@code columns}. */
  List<String> lines(View view, int columns) {
    int width = Math.max(columns, NARROWEST);
    List<String> lines = new ArrayList<>();
    lines.add(title(view, width));
    lines.add("");
    lines.addAll(versions(view, width));
    lines.add("");
    lines.addAll(numbers(view, width));
    lines.addAll(proxy(view, width));
    if (!view.problems().isEmpty()) {
      lines.add("");
      lines.add(ink.bad("problems") + " " + ink.faint("traffic goes on as before"));
      view.problems().forEach(problem -> lines.addAll(Wrap.text(problem, width, "  ")));
    }
    lines.add("");
    lines.addAll(Wrap.toCopy("call", guide.call(), LABEL, width));
    lines.addAll(Wrap.toCopy("edit", guide.edit(), LABEL, width));
    lines.addAll(Wrap.toCopy("status", guide.status(), LABEL, width));
    lines.add("");
    String label = "try";
    for (String hint : guide.hints()) {
      lines.addAll(Wrap.labelled(label, hint, LABEL, width));
      label = "";
    }
    lines.addAll(Wrap.labelled("", "Ctrl-C ends it", LABEL, width));
    return lines;
  }

  private String title(View view, int width) {
    String name = "sluice demo";
    String clock = "%d:%02d".formatted(view.running().toMinutes(), view.running().toSecondsPart());
    String what = "  " + view.service() + " through a real Envoy";
    int room = width - name.length() - clock.length() - 1;
    what = what.length() > room ? what.substring(0, room) : what;
    return ink.bold(name) + what + " ".repeat(room - what.length() + 1) + ink.faint(clock);
  }

  private List<String> versions(View view, int width) {
    int name =
        Math.max(
            "version".length(),
            view.versions().stream().mapToInt(row -> row.version().length()).max().orElse(0));
    name = Math.min(name, width - 33);
    List<String> lines = new ArrayList<>();
    String heading =
        cell("version", name) + "  asked     seen  inst.  last %d s".formatted(guide.window());
    lines.add(ink.faint(heading));
    int bar = Math.min(width - name - 25, WIDEST_BAR);
    for (int i = 0; i < view.versions().size(); i++) {
      View.Row row = view.versions().get(i);
      lines.add(
          ink.version(i, cell(row.version(), name))
              + "  %5s  %7s  %5d  "
                  .formatted(
                      row.asked().map(share -> percent(share, 0)).orElse("-"),
                      percent(row.seen(), 1),
                      row.instances())
              + ink.version(i, bar(row.seen(), bar)));
    }
    return lines;
  }

  private List<String> numbers(View view, int width) {
    String failed = String.format(ROOT, "%,d failed", view.failed());
    List<String> lines = new ArrayList<>();
    String counts = String.format(ROOT, "%.0f/s, %,d in all, ", view.perSecond(), view.total());
    lines.add(
        cell("requests", LABEL)
            + counts
            + (view.failed() == 0 ? ink.good(failed) : ink.bad(failed)));
    view.failure()
        .ifPresent(why -> lines.addAll(Wrap.labelled("", "the first: " + why, LABEL, width)));
    lines.add(
        cell("latency", LABEL)
            + "p50 %s, p99 %s".formatted(millis(view.median()), millis(view.p99())));
    return lines;
  }

  private List<String> proxy(View view, int width) {
    Acknowledged proxy = view.proxy();
    if (proxy.software().isEmpty()) {
      return Wrap.labelled("proxy", "not connected; it goes on with what it has", LABEL, width);
    }
    String state =
        proxy.synced()
            ? "has acknowledged everything"
            : proxy.refusal().map(words -> "refused: " + words).orElse("is being sent a change");
    String since =
        view.inForceAfter()
            .map(after -> "; the last change %s after its save".formatted(wholeMillis(after)))
            .orElse("");
    return Wrap.labelled("proxy", proxy.software() + " " + state + since, LABEL, width);
  }

  /** One line for where lines cannot be changed again: a file, a pipe. */
  static String plain(View view) {
    StringBuilder line = new StringBuilder();
    line.append("%d:%02d".formatted(view.running().toMinutes(), view.running().toSecondsPart()));
    for (View.Row row : view.versions()) {
      line.append("  ").append(row.version()).append(' ').append(percent(row.seen(), 1));
      row.asked().ifPresent(share -> line.append(" (asked ").append(percent(share, 0)).append(')'));
    }
    return line.append(
            String.format(
                ROOT,
                "  %.0f/s, %,d in all, %,d failed  p50 %s, p99 %s  %s",
                view.perSecond(),
                view.total(),
                view.failed(),
                millis(view.median()),
                millis(view.p99()),
                view.proxy().synced() ? "acknowledged" : "not acknowledged"))
        .toString();
  }

  /** A share as people read it. */
  static String percent(double share, int decimals) {
    return String.format(ROOT, "%." + decimals + "f %%", share * 100);
  }

  /** A duration in whole milliseconds. */
  static String wholeMillis(Duration time) {
    return time.toMillis() + " ms";
  }

  private static String millis(Duration time) {
    return String.format(ROOT, "%.1f ms", time.toNanos() / 1e6);
  }

  private static String bar(double share, int width) {
    int eighths = (int) Math.round(share * width * 8);
    String full = "█".repeat(eighths / 8);
    return eighths % 8 == 0 ? full : full + EIGHTHS.charAt(eighths % 8);
  }

  private static String cell(String text, int width) {
    return text.length() > width
        ? text.substring(0, width)
        : text + " ".repeat(width - text.length());
  }
}
