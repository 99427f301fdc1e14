package dev.sluice.policy.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.policy.parse.YamlRecords.Bound;
import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.spec.Key;
import dev.sluice.spec.Planned;
import dev.sluice.spec.Required;
import dev.sluice.spec.Size;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class YamlRecordsTest {
  enum Level {
    LOW_ONE,
    HIGH
  }

  sealed interface Store {
    record Memory() implements Store {}

    record OnDisk(@Required String path) implements Store {}
  }

  record Inner(@Required String name, @Nullable Boolean on) {}

  record Even(@Nullable Integer number) {
    Even {
      if (number != null && number % 2 != 0) {
        throw new IllegalArgumentException(number + " is odd");
      }
    }
  }

  @Planned("later")
  record Settings(
      @Nullable String text,
      @Nullable Integer number,
      @Nullable Long big,
      @Nullable Boolean flag,
      @Nullable Duration pause,
      @Nullable Size size,
      @Nullable Level level,
      @Nullable Store store,
      List<Inner> inners,
      SortedMap<String, Integer> shares,
      @Key("static") List<String> fixed,
      @Nullable Even even) {}

  private static final Map<String, String> VARIABLES =
      Map.of("WORD", "$5: [word]", "PORT", "80", "EMPTY", "");

  @Test
  void bindsEveryTypeOfComponent() {
    Bound<Settings> bound =
        read(
            """
            text: a
            number: -3
            big: 5000000000
            flag: true
            pause: 1m30s
            size: 64Ki
            level: lowOne
            store: {onDisk: {path: /var}}
            inners: [{name: a}, {name: b, on: false}]
            shares: {b: 1, a: 0x10}
            static: [x]
            even: {number: 0o10}
            """);

    assertThat(bound.problems()).isEmpty();
    assertThat(bound.value())
        .contains(
            new Settings(
                "a",
                -3,
                5_000_000_000L,
                true,
                Duration.ofSeconds(90),
                new Size(65536),
                Level.LOW_ONE,
                new Store.OnDisk("/var"),
                List.of(new Inner("a", null), new Inner("b", false)),
                new TreeMap<>(java.util.Map.of("a", 16, "b", 1)),
                List.of("x"),
                new Even(8)));
  }

  @Test
  void whatIsLeftOutIsNullOrEmpty() {
    Settings settings = read("").value().orElseThrow();

    assertThat(settings.text()).isNull();
    assertThat(settings.inners()).isEmpty();
    assertThat(settings.shares()).isEmpty();
  }

  @Test
  void aFormWithoutComponentsIsAWord() {
    assertThat(read("store: memory").value().orElseThrow().store()).isEqualTo(new Store.Memory());
    assertThat(messages("store: onDisk"))
        .containsExactly("$.store: \"onDisk\" is not one of memory, {onDisk: {path: ...}}");
  }

  @Test
  void yaml12KeepsTextThatYaml11MadeNumbersAndBooleansOf() {
    for (String text :
        List.of("on", "off", "yes", "no", "0503", "1:30", "1_000", "=", "2026-01-31")) {
      assertThat(read("text: " + text).value().orElseThrow().text()).isEqualTo(text);
    }
  }

  @Test
  void whatIsNoTextIsToldToBeQuoted() {
    for (String scalar : List.of("1", "1.0", "1e3", "-.inf", "0x1F", "true", "FALSE")) {
      assertThat(messages("text: " + scalar)).hasSize(1).first().asString().contains("quotes");
    }
    assertThat(messages("text: ~")).hasSize(1).first().asString().contains("no value");
    assertThat(read("text: !!str 1").value().orElseThrow().text()).isEqualTo("1");
    assertThat(read("text: \"\"").value().orElseThrow().text()).isEmpty();
  }

  @Test
  void aliasesRepeatTheirAnchorsValue() {
    Settings settings =
        read("inners: [&a {name: x}, *a]\ntext: &t hello\nstatic: [*t]").value().orElseThrow();

    assertThat(settings.inners()).containsExactly(new Inner("x", null), new Inner("x", null));
    assertThat(settings.fixed()).containsExactly("hello");
  }

  @Test
  void positionsPointAtValues() {
    Bound<Settings> bound = read("inners:\n  - {name: a}\n  - on: true\n    name: b\n");

    assertThat(bound.origin().positions())
        .containsEntry("$", new Location("s.yaml", 1, 1))
        .containsEntry("$.inners", new Location("s.yaml", 2, 3))
        .containsEntry("$.inners[1]", new Location("s.yaml", 3, 5))
        .containsEntry("$.inners[1].name", new Location("s.yaml", 4, 11));
  }

  @Test
  void columnsCountCharactersAlsoBeyondTheBasicPlane() {
    assertThat(read("{text: 😀é, number: x}").problems())
        .extracting(Problem::location)
        .containsExactly(new Location("s.yaml", 1, 20));
  }

  @Test
  void aRecordsOwnCheckIsAProblemAtItsPlace() {
    assertThat(messages("even: {number: 3}")).containsExactly("$.even: 3 is odd");
  }

  @Test
  void allProblemsAreTold() {
    assertThat(messages("later: 1\nnumer: 1\nflag: on\ninners: [{}, {name: 2}]"))
        .containsExactly(
            "$.later: \"later\" is specified but not built into this version yet; remove it",
            "$.numer: unknown key \"numer\"; did you mean \"number\"?",
            "$.flag: \"on\" is not a boolean; write true or false, without quotes",
            "$.inners[0].name: is required; add it",
            "$.inners[1].name: 2 is a number where text is wanted; put it in quotes: \"2\"");
  }

  @Test
  void aSecondDocumentIsRefused() {
    assertThat(messages("text: a\n---\ntext: b"))
        .containsExactly("$: only one document is read here; remove the others");
  }

  @Test
  void whatCouldBeReadIsThereBesideWhatIsLost() {
    Bound<Settings> bound = read("text: a\nnumber: b");

    assertThat(bound.value().orElseThrow().text()).isEqualTo("a");
    assertThat(bound.value().orElseThrow().number()).isNull();
    assertThat(bound.lost()).containsExactly("$.number");
    assertThat(bound.problems()).hasSize(1);
  }

  @Test
  void aTextThatIsNoYamlGivesNoValue() {
    assertThat(read("text: [").value()).isEqualTo(Optional.empty());
  }

  @Test
  void variablesStandInValuesOfEveryType() {
    Settings settings =
        read("""
                text: a ${WORD} and ${PORT}
                number: ${PORT}
                flag: ${UNSET:-true}
                static: ["${PORT}", "$${PORT}", "$5", "${EMPTY:-}"]
                store: ${UNSET:-memory}
                """)
            .value()
            .orElseThrow();

    assertThat(settings.text()).isEqualTo("a $5: [word] and 80");
    assertThat(settings.number()).isEqualTo(80);
    assertThat(settings.flag()).isTrue();
    assertThat(settings.fixed()).containsExactly("80", "${PORT}", "$5", "");
    assertThat(settings.store()).isEqualTo(new Store.Memory());
  }

  @Test
  void aVariableThatIsNotThereIsAProblemAtItsPlace() {
    assertThat(messages("text: ${UNSET}\nnumber: ${EMPTY}\nflag: ${WORD}\nstatic: [a, '${']"))
        .containsExactly(
            "$.text: the environment variable UNSET is not set; set it, or write ${UNSET:-default}",
            "$.number: the environment variable EMPTY is empty; set it, or write ${EMPTY:-default}",
            "$.flag: \"$5: [word]\" is not a boolean; write true or false, without quotes",
            "$.static[1]: \"${\" begins a variable; write ${NAME} or ${NAME:-default}, or $${ for"
                + " the characters");
  }

  private static Bound<Settings> read(String text) {
    return YamlRecords.read(Settings.class, "s.yaml", text, VARIABLES);
  }

  private static List<String> messages(String text) {
    return read(text).problems().stream()
        .map(problem -> problem.path() + ": " + problem.message())
        .toList();
  }
}
