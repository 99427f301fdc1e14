package dev.sluice.server.explain;

import dev.sluice.server.explain.Holds.Answer;
import dev.sluice.server.explain.Seen.Value;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import java.util.Comparator;
import java.util.List;

/** Whether a request has what a {@code envoy.config.route.v3.HeaderMatcher} asks for. */
final class HeaderMatches {
  /** One that fits is enough, and one in doubt leaves all in doubt. */
  private static final List<Answer> ORDER = List.of(Answer.YES, Answer.CANNOT_TELL, Answer.NO);

  private HeaderMatches() {}

  static Holds match(Seen seen, HeaderMatcher matcher) {
    String subject = subject(matcher.getName());
    return switch (seen.header(matcher.getName())) {
      case Value.Unsure(String why) -> Holds.cannotTell(why + ", and the route matches by it");
      case Value.Known(String text) -> known(subject, text, matcher);
      case Value.Several(List<String> texts, Repeats repeats) ->
          several(subject, texts, repeats, matcher);
      case Value.Missing() -> missing(subject, matcher);
    };
  }

  private static String subject(String name) {
    return switch (name) {
      case ":method" -> "the method";
      case ":path" -> "the path with its query";
      case ":authority" -> "the host";
      default -> "header " + name;
    };
  }

  private static Holds known(String subject, String text, HeaderMatcher matcher) {
    return switch (matcher.getHeaderMatchSpecifierCase()) {
      case PRESENT_MATCH ->
          matcher.getTreatMissingHeaderAsEmpty()
              ? Holds.cannotTell(subject + " is matched in a way that is not known here")
              : present(matcher.getPresentMatch() != matcher.getInvertMatch(), subject);
      case HEADERMATCHSPECIFIER_NOT_SET -> present(!matcher.getInvertMatch(), subject);
      default -> inverted(value(subject, text, matcher), matcher.getInvertMatch());
    };
  }

  /** Where both ways of looking at them say the same, it does not matter which it is. */
  private static Holds several(
      String subject, List<String> texts, Repeats repeats, HeaderMatcher matcher) {
    Holds joined = known(subject, String.join(",", texts), matcher);
    Holds each = each(subject, texts, matcher);
    if (joined.answer() == each.answer()) {
      return each;
    }
    return switch (repeats) {
      case EACH -> each;
      case JOINED -> joined;
      case UNKNOWN ->
          Holds.cannotTell(subject + " is there several times, which Envoys see differently");
    };
  }

  private static Holds each(String subject, List<String> texts, HeaderMatcher matcher) {
    return switch (matcher.getHeaderMatchSpecifierCase()) {
      case PRESENT_MATCH, HEADERMATCHSPECIFIER_NOT_SET -> known(subject, texts.getFirst(), matcher);
      default -> {
        List<Holds> all = texts.stream().map(text -> value(subject, text, matcher)).toList();
        Holds best =
            all.stream()
                .min(Comparator.comparingInt(one -> ORDER.indexOf(one.answer())))
                .orElseThrow();
        yield inverted(best, matcher.getInvertMatch());
      }
    };
  }

  private static Holds present(boolean wanted, String subject) {
    return wanted
        ? Holds.yes(subject + " is there")
        : Holds.no(subject + " is there and must not be");
  }

  private static Holds missing(String subject, HeaderMatcher matcher) {
    boolean empty = matcher.getTreatMissingHeaderAsEmpty();
    return switch (matcher.getHeaderMatchSpecifierCase()) {
      case PRESENT_MATCH ->
          empty
              ? Holds.cannotTell(subject + " is matched in a way that is not known here")
              : Holds.of(
                  matcher.getPresentMatch() == matcher.getInvertMatch(), subject + " is missing");
      case HEADERMATCHSPECIFIER_NOT_SET ->
          empty
              ? Holds.cannotTell(subject + " is matched in a way that is not known here")
              : Holds.of(matcher.getInvertMatch(), subject + " is missing");
      default ->
          empty
              ? inverted(value(subject, "", matcher), matcher.getInvertMatch())
              : Holds.no(subject + " is missing");
    };
  }

  @SuppressWarnings("deprecation") // Patches may hold what Envoy still reads.
  private static Holds value(String subject, String text, HeaderMatcher matcher) {
    return switch (matcher.getHeaderMatchSpecifierCase()) {
      case STRING_MATCH -> Texts.match(subject, text, matcher.getStringMatch());
      case EXACT_MATCH -> Texts.exact(subject, text, matcher.getExactMatch(), false);
      case PREFIX_MATCH ->
          Texts.compare(
              subject, text, "begin with", matcher.getPrefixMatch(), false, String::startsWith);
      case SUFFIX_MATCH ->
          Texts.compare(
              subject, text, "end with", matcher.getSuffixMatch(), false, String::endsWith);
      case CONTAINS_MATCH ->
          Texts.compare(
              subject, text, "contain", matcher.getContainsMatch(), false, String::contains);
      case SAFE_REGEX_MATCH -> Texts.regex(subject, text, matcher.getSafeRegexMatch().getRegex());
      case RANGE_MATCH -> range(subject, text, matcher);
      case PRESENT_MATCH, HEADERMATCHSPECIFIER_NOT_SET ->
          throw new IllegalStateException("presence is no matter of the value");
    };
  }

  private static Holds range(String subject, String text, HeaderMatcher matcher) {
    long start = matcher.getRangeMatch().getStart();
    long end = matcher.getRangeMatch().getEnd();
    String range = start + " to " + (end - 1);
    try {
      long number = Long.parseLong(text);
      return Holds.of(
          number >= start && number < end, subject + " is " + number + ", the range is " + range);
    } catch (NumberFormatException _) {
      return Holds.no(subject + " is no number: " + Texts.quoted(text));
    }
  }

  private static Holds inverted(Holds holds, boolean invert) {
    if (!invert) {
      return holds;
    }
    return switch (holds.answer()) {
      case YES -> Holds.no(holds.because() + ", which is excluded");
      case NO -> Holds.yes(holds.because() + ", as it must not");
      case CANNOT_TELL -> holds;
    };
  }
}
