package dev.sluice.server.demo;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The terminal's second screen, drawn over from the top: the first one comes back unharmed when
 * this is closed. A frame is one write, so that nothing flickers.
 */
final class Screen implements AutoCloseable {
  private static final String ENTER = "\033[?1049h\033[?25l\033[?7l\033[2J";
  private static final String LEAVE = "\033[?7h\033[?25h\033[?1049l";
  private static final String HOME = "\033[H";
  private static final String REST_OF_LINE = "\033[K";
  private static final String REST_OF_SCREEN = "\033[J";

  private final PrintStream out;
  private boolean open = true;

  Screen(PrintStream out) {
    this.out = out;
    write(ENTER);
  }

  /** Shows the first lines, as many as there is room for. */
  synchronized void show(List<String> lines, int rows) {
    if (open) {
      List<String> visible = lines.subList(0, Math.min(lines.size(), Math.max(rows, 1)));
      // Erased before it is written: after a full line the cursor is still upon its last column.
      String frame = String.join("\r\n" + REST_OF_LINE, visible);
      write(HOME + REST_OF_LINE + frame + (visible.size() < rows ? "\r\n" + REST_OF_SCREEN : ""));
    }
  }

  /** Brings the cursor and the first screen back. */
  @Override
  public synchronized void close() {
    if (open) {
      open = false;
      write(LEAVE);
    }
  }

  private void write(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(bytes, 0, bytes.length);
    out.flush();
  }
}
