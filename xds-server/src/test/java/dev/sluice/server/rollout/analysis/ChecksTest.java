package dev.sluice.server.rollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.spec.Analysis;
import dev.sluice.spec.Percent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked, over real connections, and what becomes of the answers. */
final class ChecksTest {
  private final Peer peer = new Peer();
  private Web web = new Web(Duration.ofSeconds(10));

  @AfterEach
  void close() {
    web.close();
    peer.close();
  }

  private List<Check> checks(Analysis analysis, Held held) {
    return Checks.of(Samples.POLICY, held, analysis, web);
  }

  private Answer ask(Analysis analysis) throws Exception {
    return checks(analysis, Samples.held(2, 10)).getFirst().ask().get(20, TimeUnit.SECONDS);
  }

  private Answer errors() throws Exception {
    return ask(Samples.errors(peer.address() + "/"));
  }

  private String silence() throws Exception {
    assertThat(errors()).isInstanceOf(Answer.None.class);
    return ((Answer.None) errors()).why().replace(peer.address(), "HERE");
  }

  @Test
  void aSampleWithinItsBoundsIsGood() throws Exception {
    peer.gives("1");
    assertThat(errors()).isEqualTo(new Answer.Good("1"));
    peer.gives("0.25");
    assertThat(errors()).isEqualTo(new Answer.Good("0.25"));
    peer.answers(200, Peer.result("scalar", "[1.5, \"-3e-7\"]"));
    assertThat(errors()).isEqualTo(new Answer.Good("-0.0000003"));
  }

  @Test
  void aSampleOutsideIsBad() throws Exception {
    peer.gives("1.0000001");
    assertThat(errors()).isEqualTo(new Answer.Bad("1.0000001"));
    peer.gives("5.123456789");
    assertThat(errors()).isEqualTo(new Answer.Bad("5.12346"));
    peer.gives("1e300");
    assertThat(errors()).isEqualTo(new Answer.Bad("1E+300"));
  }

  @Test
  void bothBoundsHold() {
    Bounds bounds =
        new Bounds(Optional.of(Samples.decimal("0.1")), Optional.of(Samples.decimal("0.3")), " s");
    assertThat(bounds).hasToString("at least 0.1 s, at most 0.3 s");
    assertThat(bounds.judge(0.1)).isEqualTo(new Answer.Good("0.1 s"));
    assertThat(bounds.judge(0.3)).isEqualTo(new Answer.Good("0.3 s"));
    assertThat(bounds.judge(0.09)).isEqualTo(new Answer.Bad("0.09 s"));
    assertThat(bounds.judge(0.31)).isEqualTo(new Answer.Bad("0.31 s"));
  }

  @Test
  void whatIsNoNumberIsNoAnswer() throws Exception {
    peer.gives();
    assertThat(silence()).isEqualTo("Prometheus at HERE has no data");
    peer.gives("NaN");
    assertThat(silence()).isEqualTo("the query gives NaN");
    peer.gives("+Inf");
    assertThat(silence()).isEqualTo("the query gives no number: +Inf");
    peer.gives("1e999");
    assertThat(silence()).isEqualTo("the query gives Infinity");
    peer.gives("1", "2", "3");
    assertThat(silence())
        .isEqualTo("the query gives 3 samples and not one; aggregate, such as by sum(...)");
    peer.answers(200, Peer.result("vector", "[{\"metric\": {}, \"histogram\": [1, {}]}]"));
    assertThat(silence()).isEqualTo("the query gives no number");
    peer.answers(200, Peer.result("matrix", "[]"));
    assertThat(silence()).isEqualTo("the query gives a matrix and not one number");
  }

  @Test
  void anErrorIsNoAnswerAndSaysWhatThePeerSays() throws Exception {
    peer.answers(
        400, "{\"status\": \"error\", \"errorType\": \"bad_data\", \"error\": \"parse\\nerror\"}");
    assertThat(silence()).isEqualTo("Prometheus at HERE answers 400: parse error");
    peer.answers(503, "<html>");
    assertThat(silence()).isEqualTo("Prometheus at HERE answers 503");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>Log in</html>", "{}", "[1]", "17", "{\"status\": \"success\""})
  void whatIsNoResultIsNoAnswer(String body) throws Exception {
    peer.answers(200, body);
    assertThat(silence())
        .isEqualTo("Prometheus at HERE answers no result of a query; see what listens there");
  }

  @Test
  void whoRedirectsIsNotFollowed() throws Exception {
    peer.redirects();
    assertThat(silence())
        .isEqualTo("Prometheus at HERE answers 302 and redirects; write the address itself");
    assertThat(peer.asked).hasSize(2);
  }

  @Test
  void whoIsSlowIsNotWaitedFor() throws Exception {
    web = new Web(Duration.ofMillis(500)); // Nobody was asked by the other one.
    peer.holds();
    assertThat(silence()).isEqualTo("Prometheus at HERE does not answer within 0.5s");
    peer.stalls();
    assertThat(silence()).isEqualTo("Prometheus at HERE does not answer within 0.5s");
  }

  @Test
  void anEndlessAnswerIsNotRead() throws Exception {
    peer.floods();
    assertThat(silence()).isEqualTo("Prometheus at HERE answers with more than 1 MiB");
  }

  @Test
  void whoIsNotThereIsTold() throws Exception {
    peer.close();
    assertThat(silence())
        .isIn(
            "Prometheus at HERE does not answer: nothing listens there",
            "Prometheus at HERE does not answer: Connection refused");
    assertThat(ask(Samples.errors("http://nobody.invalid:9090")))
        .isEqualTo(
            new Answer.None(
                "Prometheus at http://nobody.invalid:9090 does not answer: its name is not known"));
  }

  @Test
  void placeholdersStandForWhatIsMeasured() throws Exception {
    peer.gives("1");
    String query = "f(\"{{service}} {{namespace}} {{version}} {{cluster}} {{step}}+{{step}}\")";
    Analysis analysis =
        Samples.analysis(
            peer.address() + "/prefix",
            null,
            null,
            List.of(new Analysis.Query("q", query, Samples.decimal("0"), null)));
    assertThat(ask(analysis)).isEqualTo(new Answer.Good("1"));
    assertThat(peer.asked)
        .containsExactly("timeout=10s&query=f(\"orders shop v2 orders.shop|80|v2 2+2\")");
  }

  @Test
  void theRateOfSuccessIsOfAllEnvoysTogether() throws Exception {
    peer.gives("99.5");
    Analysis analysis =
        Samples.analysis(
            peer.address(), new Analysis.SuccessRate(new Percent(995_000), null), null, List.of());
    assertThat(ask(analysis)).isEqualTo(new Answer.Good("99.5 %"));
    String whole = "envoy_cluster_upstream_rq_xx{envoy_cluster_name=\"orders.shop|80|v2\"";
    String cut = "envoy_cluster_shop_80_v2_upstream_rq_xx{envoy_cluster_name=\"orders\"";
    String failures = ",envoy_response_code_class=\"5\"";
    assertThat(peer.asked)
        .containsExactly(
            "timeout=10s&query=100 * (1 - (sum(rate(%2$s%3$s}[60000ms]) or rate(%1$s%3$s}[60000ms])) or vector(0)) / sum(rate(%2$s}[60000ms]) or rate(%1$s}[60000ms])))"
                .formatted(whole, cut, failures));
    peer.gives("99.4999999");
    assertThat(ask(analysis)).isEqualTo(new Answer.Bad("99.4999999 %"));
    peer.gives("NaN");
    assertThat(ask(analysis))
        .isEqualTo(new Answer.None("the query gives NaN: v2 had no requests within 60s"));
    peer.gives();
    assertThat(ask(analysis).toString())
        .contains("v2 had no requests within 60s, or it does not scrape the Envoys: " + cut);
  }

  @Test
  void theLatencyIsAQuantileInMilliseconds() throws Exception {
    peer.gives("249.9");
    Analysis analysis =
        Samples.analysis(
            peer.address(),
            null,
            new Analysis.Latency(
                Duration.ofMillis(250), new Percent(999_000), Duration.ofSeconds(90)),
            List.of());
    assertThat(ask(analysis)).isEqualTo(new Answer.Good("249.9 ms"));
    assertThat(peer.asked.getFirst())
        .startsWith("timeout=10s&query=histogram_quantile(0.999, sum by (le) (rate(envoy_cluster_")
        .endsWith("[90000ms])))");
    assertThat(checks(analysis, Samples.held(2, 10)).getFirst().bounds())
        .isEqualTo("at most 250 ms");
  }

  @Test
  void aPrefixOfStatisticsTakesThePlaceOfTheName() {
    assertThat(EnvoyQueries.latency("orders|v2", new Percent(990_000), Duration.ofMinutes(1)))
        .isEqualTo(
            "histogram_quantile(0.99, sum by (le) (rate(envoy_cluster_upstream_rq_time_bucket{envoy_cluster_name=\"orders|v2\"}[60000ms])))");
  }

  @Test
  void whereTheVersionHasNoShareItsRequestsAreNotCounted() {
    Analysis analysis =
        Samples.analysis(
            peer.address(),
            new Analysis.SuccessRate(new Percent(995_000), null),
            new Analysis.Latency(Duration.ofSeconds(1), null, null),
            List.of(new Analysis.Query("q", "up", Samples.decimal("0"), null)));
    assertThat(checks(analysis, Samples.held(1, 0))).extracting(Check::name).containsExactly("q");
    assertThat(checks(analysis, Samples.held(1, 1)))
        .extracting(Check::name)
        .containsExactly("successRate", "latency", "q");
  }

  @Test
  void aWebhookIsToldOfTheStepAndDecides() throws Exception {
    Analysis analysis = Samples.webhook(peer.address() + "/secret-path?token=secret%20words");
    peer.answers(204, "");
    assertThat(ask(analysis)).isEqualTo(new Answer.Good("204"));
    assertThat(peer.asked)
        .containsExactly(
            "{\"namespace\":\"shop\",\"policy\":\"orders-policy\",\"service\":\"orders.shop\",\"from\":\"v1\",\"to\":\"v2\",\"step\":2,\"shares\":{\"v1\":90.0,\"v2\":10.0}}");
    peer.answers(409, "the budget\nis used up");
    assertThat(ask(analysis)).isEqualTo(new Answer.Bad("409 (the budget is used up)"));
    peer.answers(401, "no POST of /secret-path?token=secret%20words: secret words is expired");
    assertThat(ask(analysis)).isEqualTo(new Answer.Bad("401 (no POST of ...?...: ... is expired)"));
    peer.answers(500, "");
    assertThat(ask(analysis))
        .isEqualTo(new Answer.None("the webhook at " + peer.address() + " answers 500"));
    peer.redirects();
    assertThat(ask(analysis))
        .isEqualTo(new Answer.None("the webhook at " + peer.address() + " answers 302"));
    peer.holds();
    assertThat(ask(analysis))
        .isEqualTo(
            new Answer.None("the webhook at " + peer.address() + " does not answer within 5s"));
  }
}
