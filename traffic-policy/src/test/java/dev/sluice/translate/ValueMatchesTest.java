package dev.sluice.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.spec.Route.ValueMatch;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The expressions use only what RE2 and Java's have in common. */
class ValueMatchesTest {
  @ParameterizedTest
  @ValueSource(strings = {"tester=a.b", "x=1; tester=a.b", "tester=a.b; y=2", "x=1;tester=a.b;y=2"})
  void aCookieIsFoundWhereverItStands(String header) {
    assertThat(header).matches(cookie("a.b", null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "tester=axb", "xtester=a.b", "x=tester=a.b", "tester=a.bc", "tester=a", "x=1"})
  void anotherCookieOrValueIsNotTakenForIt(String header) {
    assertThat(header).doesNotMatch(cookie("a.b", null));
  }

  @Test
  void aPrefixEndsWithItsCookie() {
    assertThat("tester=abc; x=1").matches(cookie(null, "a"));
    assertThat("tester=b; x=a").doesNotMatch(cookie(null, "a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/?debug", "/?debug=1", "/a?x=1&debug", "/a?x=1&debug=&y=2", "/?debug&x"})
  void aQueryParameterIsFoundInThePath(String path) {
    assertThat(path).matches(absent());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/debug", "/a?debugger", "/a?x=debug", "/a?xdebug=1"})
  void whatOnlyLooksLikeAQueryParameterIsNone(String path) {
    assertThat(path).doesNotMatch(absent());
  }

  private static Pattern cookie(@Nullable String exact, @Nullable String prefix) {
    var match = new ValueMatch("tester", exact, prefix, null, null, null, null);
    return Pattern.compile(ValueMatches.cookie(match).getStringMatch().getSafeRegex().getRegex());
  }

  private static Pattern absent() {
    var match = new ValueMatch("debug", null, null, null, null, null, false);
    return Pattern.compile(
        ValueMatches.absentQuery(match).getStringMatch().getSafeRegex().getRegex());
  }
}
