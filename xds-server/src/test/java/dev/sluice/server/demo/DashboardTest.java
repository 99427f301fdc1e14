package dev.sluice.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DashboardTest {
  private static final String CALL = "curl -H 'Host: orders.example.com' http://127.0.0.1:10080/";
  private static final Guide GUIDE =
      new Guide(
          5,
          CALL,
          "/tmp/sluice-demo-1234567890123456789/documents/policy.yaml",
          "bin/sluice status --server http://127.0.0.1:43159",
          List.of("other weights, and save: weights: {v1: 50, v2: 50}", "a mistake"));
  private static final Acknowledged SYNCED =
      new Acknowledged("envoy 1.40.0", true, "", List.of("clusters SYNCED"), Optional.empty());
  private static final List<View.Row> ROWS =
      List.of(
          new View.Row("v1", Optional.of(0.9), 0.8875, 3),
          new View.Row("v2", Optional.empty(), 0.1125, 2));

  @Test
  void theTableAtEightyColumns() {
    View view = view(ROWS, 0, SYNCED, List.of());

    assertThat(new Dashboard(GUIDE, Ink.NONE).lines(view, 80))
        .containsExactly(
            "sluice demo  orders through a real Envoy                                    1:05",
            "",
            "version  asked     seen  inst.  last 5 s",
            "v1        90 %   88.8 %      3  ██████████████████████████████████████████▋",
            "v2           -   11.3 %      2  █████▍",
            "",
            "requests  398/s, 12,480 in all, 0 failed",
            "latency   p50 1.2 ms, p99 20.0 ms",
            "proxy     envoy 1.40.0 has acknowledged everything; the last change 31 ms after",
            "          its save",
            "",
            "call      " + CALL,
            "edit      /tmp/sluice-demo-1234567890123456789/documents/policy.yaml",
            "status    bin/sluice status --server http://127.0.0.1:43159",
            "",
            "try       other weights, and save: weights: {v1: 50, v2: 50}",
            "          a mistake",
            "          Ctrl-C ends it");
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 44, 60, 61, 80, 97, 200})
  void noLineIsWiderThanTheTerminal(int columns) {
    List<View.Row> full =
        List.of(
            new View.Row("a-version-with-a-very-long-name-indeed", Optional.of(1.0), 1, 128),
            new View.Row("v2", Optional.of(0.0), 0, 0));
    List<String> problems = List.of("policy.yaml:16:27 $.spec.split.weights.v3: unknown version");

    assertThat(new Dashboard(GUIDE, Ink.NONE).lines(view(full, 7, SYNCED, problems), columns))
        .allMatch(line -> line.length() <= columns, "at most " + columns + " wide");
  }

  @Test
  void whatIsToBeCopiedStaysInOnePieceWhereItFitsALine() {
    assertThat(new Dashboard(GUIDE, Ink.NONE).lines(view(ROWS, 0, SYNCED, List.of()), 60))
        .containsSequence("call", CALL);
  }

  @Test
  void problemsAreShownWithTheirPlace() {
    View view = view(ROWS, 0, SYNCED, List.of("policy.yaml:16:27 $.spec: unknown version \"v3\""));

    assertThat(new Dashboard(GUIDE, Ink.NONE).lines(view, 80))
        .containsSequence(
            "problems traffic goes on as before",
            "  policy.yaml:16:27 $.spec: unknown version \"v3\"");
  }

  @Test
  void theFirstFailureIsToldWithTheirNumber() {
    assertThat(new Dashboard(GUIDE, Ink.NONE).lines(view(ROWS, 2, SYNCED, List.of()), 80))
        .containsSequence(
            "requests  398/s, 12,480 in all, 2 failed",
            "          the first: 503 no healthy upstream");
  }

  @Test
  void aRefusalIsInEnvoysWords() {
    Acknowledged refused =
        new Acknowledged(
            "envoy 1.40.0", false, "", List.of("routes NACKED"), Optional.of("bad regex"));

    assertThat(String.join("\n", lines(refused))).contains("envoy 1.40.0 refused: bad regex");
  }

  @Test
  void aProxyThatIsGoneIsToldToBe() {
    assertThat(String.join("\n", lines(Acknowledged.of(List.of())))).contains("not connected");
  }

  @Test
  void coloursChangeNothingButColours() {
    View view = view(ROWS, 1, SYNCED, List.of("policy.yaml:1:1 $: wrong"));
    List<String> coloured = new Dashboard(GUIDE, Ink.COLOUR).lines(view, 70);

    assertThat(String.join("\n", coloured)).contains("\033[");
    assertThat(coloured.stream().map(line -> line.replaceAll("\033\\[\\d+m", "")))
        .isEqualTo(new Dashboard(GUIDE, Ink.NONE).lines(view, 70));
  }

  @Test
  void aPlainLineHasItAll() {
    assertThat(Dashboard.plain(view(ROWS, 0, SYNCED, List.of())))
        .isEqualTo(
            "1:05  v1 88.8 % (asked 90 %)  v2 11.3 %  398/s, 12,480 in all, 0 failed"
                + "  p50 1.2 ms, p99 20.0 ms  acknowledged");
  }

  @Test
  void longWordsAreBrokenWhereTheLineEnds() {
    assertThat(Wrap.text("ab abcdefgh", 5, " ")).containsExactly(" ab", " abcd", " efgh");
    assertThat(Wrap.text("", 5, " ")).containsExactly(" ");
  }

  private static List<String> lines(Acknowledged proxy) {
    return new Dashboard(GUIDE, Ink.NONE).lines(view(ROWS, 0, proxy, List.of()), 120);
  }

  private static View view(
      List<View.Row> rows, long failed, Acknowledged proxy, List<String> problems) {
    return new View(
        Duration.ofSeconds(65),
        "orders",
        rows,
        398.2,
        12_480,
        failed,
        failed == 0 ? Optional.empty() : Optional.of("503 no healthy upstream"),
        Duration.ofNanos(1_200_000),
        Duration.ofMillis(20),
        proxy,
        Optional.of(Duration.ofMillis(31)),
        problems);
  }
}
