package dev.sluice.server.demo;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Optional;

/**
 * How large the terminal at standard output is, asked of it with {@code ioctl(TIOCGWINSZ)}: it
 * changes while the demo runs.
 */
record TerminalSize(int columns, int rows) {
  private static final int STANDARD_OUTPUT = 1;
  private static final TerminalSize USUAL = new TerminalSize(80, 24);
  private static final long TIOCGWINSZ =
      System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac")
          ? 0x40087468L
          : 0x5413L;

  /** Empty where standard output is no terminal. */
  static Optional<TerminalSize> now() {
    try (Arena arena = Arena.ofConfined()) {
      // struct winsize: rows, columns, and two that nobody fills in.
      MemorySegment size = arena.allocate(JAVA_SHORT, 4);
      if ((int) Ioctl.HANDLE.invokeExact(STANDARD_OUTPUT, TIOCGWINSZ, size) != 0) {
        return Optional.empty();
      }
      int rows = Short.toUnsignedInt(size.getAtIndex(JAVA_SHORT, 0));
      int columns = Short.toUnsignedInt(size.getAtIndex(JAVA_SHORT, 1));
      return Optional.of(rows == 0 || columns == 0 ? USUAL : new TerminalSize(columns, rows));
    } catch (Throwable e) { // What a method handle may throw.
      return Optional.empty();
    }
  }

  private static final class Ioctl {
    private static final MethodHandle HANDLE = link();

    @SuppressWarnings("restricted") // The terminal's size is to be had of the C library only.
    private static MethodHandle link() {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(
          linker.defaultLookup().find("ioctl").orElseThrow(),
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
          Linker.Option.firstVariadicArg(2));
    }
  }
}
