package dev.sluice.policy.validate;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many instructions RE2 compiles an expression to, at most about: Envoy refuses one of more
 * than 100 unless its runtime key {@code re2.max_program_size.error_level} says otherwise. The
 * expression is only skimmed, so this is safe to ask of any text; whether it is an expression at
 * all is for the RE2 parser.
 */
final class RegexSize {
  /** Beyond this, only "far too large" matters. */
  private static final long ENOUGH = 1_000_000;

  /** What every program has around the expression. */
  private static final int FRAME = 4;

  private static final int CAPTURE = 2;
  private static final int ANY = 2;
  private static final int UNICODE_CLASS = 8;
  private static final Pattern REPEAT = Pattern.compile("\\{(\\d{1,9})(,(\\d{0,9}))?\\}");
  private static final Pattern FLAGS = Pattern.compile("\\?(?:P?<\\w+>|[a-zA-Z-]*[:)])");

  private final String regex;
  private final int caseVariants;
  private final Deque<long[]> groups = new ArrayDeque<>();
  private int at;
  private long size;
  private long last;

  private RegexSize(String regex) {
    this.regex = regex;
    this.caseVariants = regex.contains("(?i") ? 2 : 1;
  }

  /** The number of instructions, or a million where it is even more. */
  static int of(String regex) {
    RegexSize skimmed = new RegexSize(regex);
    while (skimmed.at < regex.length()) {
      skimmed.step();
    }
    while (!skimmed.groups.isEmpty()) {
      skimmed.close();
    }
    return (int) Math.min(ENOUGH, skimmed.size + FRAME);
  }

  private void step() {
    char c = regex.charAt(at++);
    switch (c) {
      case '(' -> open();
      case ')' -> close();
      case '[' -> atom(bracket());
      case '{' -> repeat();
      case '*' -> grow(2);
      case '+', '?' -> grow(1);
      case '|' -> {
        size++;
        last = 0;
      }
      case '.' -> atom(ANY);
      case '\\' -> atom(escape());
      default -> atom(c < 0x80 ? 1 : 3);
    }
  }

  private void atom(long instructions) {
    last = instructions;
    size = Math.min(ENOUGH, size + instructions);
  }

  /** The last atom takes that much more, being repeated. */
  private void grow(long more) {
    last = Math.min(ENOUGH, last + more);
    size = Math.min(ENOUGH, size + more);
  }

  private void open() {
    Matcher flags = FLAGS.matcher(regex).region(at, regex.length());
    boolean plain = flags.lookingAt();
    boolean captures = !plain || flags.group().endsWith(">");
    if (plain) {
      at = flags.end();
      if (flags.group().endsWith(")")) {
        return;
      }
    }
    groups.push(new long[] {size, captures ? CAPTURE : 0});
    size = 0;
    last = 0;
  }

  private void close() {
    if (groups.isEmpty()) {
      return;
    }
    long[] outer = groups.pop();
    long inner = size + outer[1];
    size = outer[0];
    atom(inner);
  }

  private void repeat() {
    Matcher repeat = REPEAT.matcher(regex).region(at - 1, regex.length());
    if (!repeat.lookingAt()) {
      atom(1);
      return;
    }
    at = repeat.end();
    long least = Long.parseLong(repeat.group(1));
    String most = repeat.group(3);
    boolean open = repeat.group(2) != null && (most == null || most.isEmpty());
    long times = open || most == null ? least : Math.max(least, Long.parseLong(most));
    long optional = open ? 1 : times - least;
    grow(last * Math.max(0, times - 1) + optional);
  }

  private long escape() {
    if (at >= regex.length()) {
      return 1;
    }
    char c = regex.charAt(at++);
    if ((c == 'p' || c == 'P' || c == 'x') && at < regex.length()) {
      int end = regex.charAt(at) == '{' ? regex.indexOf('}', at) : at;
      at = Math.max(at, end + 1);
      return c == 'x' ? 1 : UNICODE_CLASS;
    }
    return switch (c) {
      case 'w' -> 4;
      case 'W' -> 5;
      case 's' -> 3;
      case 'S' -> 4;
      case 'D' -> 2;
      default -> 1;
    };
  }

  /** About one instruction for each range of a class. */
  private long bracket() {
    long ranges = 0;
    if (at < regex.length() && regex.charAt(at) == '^') {
      ranges++;
      at++;
    }
    boolean first = true;
    while (at < regex.length() && (first || regex.charAt(at) != ']')) {
      first = false;
      ranges += classItem();
    }
    at = Math.min(regex.length(), at + 1);
    return ranges * caseVariants;
  }

  private long classItem() {
    long ranges = 1;
    char c = regex.charAt(at++);
    if (c == '\\') {
      ranges = escape();
    } else if (c == '[' && regex.startsWith(":", at) && regex.indexOf(":]", at) > 0) {
      at = regex.indexOf(":]", at) + 2;
      return UNICODE_CLASS / 2;
    }
    if (regex.startsWith("-", at) && at + 1 < regex.length() && regex.charAt(at + 1) != ']') {
      at++;
      if (regex.charAt(at++) == '\\') {
        escape();
      }
    }
    return ranges;
  }
}
