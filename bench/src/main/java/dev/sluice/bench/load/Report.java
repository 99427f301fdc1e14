package dev.sluice.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Figures of several servers under one workload, as a table with each one's ratio to the first. */
final class Report {
  private record Row(String name, String unit, double scale, ToDoubleFunction<Figures> figure) {}

  private static final List<Row> ROWS =
      List.of(
          new Row("push: CPU per proxy", "us", 1, Figures::pushCpuMicros),
          new Row("(push: CPU of a proxy itself)", "us", 1, Figures::proxiesCpuMicros),
          new Row("push: p50 of proxies", "ms", 1, Figures::pushP50Millis),
          new Row("push: last proxy", "ms", 1, Figures::pushLastMillis),
          new Row("push: last proxy, worst push", "ms", 1, Figures::pushLastWorstMillis),
          new Row("publish returns, p50", "us", 1, Figures::publishP50Micros),
          new Row("publish returns, most", "us", 1, Figures::publishMostMicros),
          new Row("heap per proxy", "KB", 1024, Figures::heapBytes),
          new Row("heap per proxy after pushes", "KB", 1024, Figures::heapAfterPushesBytes),
          new Row("RSS per proxy", "KB", 1024, Figures::residentBytes),
          new Row("RSS of the server", "MB", 1 << 20, Figures::residentTotalBytes),
          new Row("connect storm: CPU per proxy", "us", 1, Figures::stormCpuMicros),
          new Row("connect storm: all configured", "ms", 1, Figures::stormMillis),
          new Row("cold connect storm: CPU per proxy", "us", 1, Figures::firstStormCpuMicros),
          new Row("burst: responses per proxy", "", 1, Figures::burstResponses),
          new Row("burst: most for one proxy", "", 1, Figures::burstResponsesMost),
          new Row("burst: last proxy has last change", "ms", 1, Figures::burstMillis),
          new Row("restart: sent again per proxy", "B", 1, Figures::restartBytes),
          new Row("restart: responses per proxy", "", 1, Figures::restartResponses),
          new Row("restart: all subscribed again", "ms", 1, Figures::restartMillis));

  private Report() {}

  /** The table; ratios stand beside all figures but those of the first server. */
  static String of(List<Figures> all) {
    List<String> lines = new ArrayList<>();
    StringBuilder head = new StringBuilder("%-34s %2s".formatted("", ""));
    all.forEach(figures -> head.append("%21s".formatted(figures.server())));
    lines.add(head.toString().stripTrailing());
    for (Row row : ROWS) {
      StringBuilder line = new StringBuilder("%-34s %2s".formatted(row.name, row.unit));
      double first = row.figure.applyAsDouble(all.get(0));
      for (int i = 0; i < all.size(); i++) {
        double value = row.figure.applyAsDouble(all.get(i));
        line.append("%12s".formatted(number(value / row.scale)));
        line.append("%9s".formatted(i == 0 || first <= 0 ? "" : ratio(value / first)));
      }
      lines.add(line.toString().stripTrailing());
    }
    return String.join(System.lineSeparator(), lines);
  }

  private static String ratio(double ratio) {
    return "(" + number(ratio) + "x)";
  }

  private static String number(double value) {
    double size = Math.abs(value);
    String format =
        size >= 100 || value == Math.rint(value) ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }
}
