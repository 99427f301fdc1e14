package dev.sluice.server.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import dev.sluice.server.explain.Arrival.Client;
import dev.sluice.server.explain.Arrival.Transport;
import dev.sluice.server.explain.Holds.Answer;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One matcher at a time; {@code ExplainTest} of the end-to-end tests asks a real Envoy. */
class RouteMatchesTest {
  private static final Arrival GRPC =
      new Arrival(Client.GRPC, Transport.PLAIN, 0, HttpConnectionManager.getDefaultInstance());

  private static Seen get(String path, String... headers) {
    return Seen.of(
        Call.parse("GET", "http://orders.shop" + path, List.of(headers)),
        Arrival.plain(),
        Repeats.EACH);
  }

  private static List<Holds> conditions(Seen seen, String match) {
    try {
      return RouteMatches.conditions(
          seen, TextFormat.parse(match, RouteMatch.class), RouteConfiguration.getDefaultInstance());
    } catch (TextFormat.ParseException e) {
      throw new IllegalArgumentException(match, e);
    }
  }

  private static Answer answer(Seen seen, String match) {
    return Holds.all(conditions(seen, match));
  }

  private static Answer header(Seen seen, String matcher) {
    return answer(seen, "prefix: '/' headers { " + matcher + " }");
  }

  @ParameterizedTest
  @CsvSource({
    "/api, path: '/api', YES",
    "/api?x=1, path: '/api', YES",
    "/api/, path: '/api', NO",
    "/API, path: '/api', NO",
    "/API, path: '/api' case_sensitive { value: false }, YES",
    "/apiary, prefix: '/api', YES",
    "/?/api, prefix: '/api', NO",
    "/api, path_separated_prefix: '/api', YES",
    "/api/v1, path_separated_prefix: '/api', YES",
    "/apiary, path_separated_prefix: '/api', NO",
    "/v12/items?a=b, safe_regex { regex: '/v[0-9]+/items' }, YES",
    "/v12/items/7, safe_regex { regex: '/v[0-9]+/items' }, NO",
    "/a, safe_regex { regex: '(?<x' }, CANNOT_TELL",
    "/a, connect_matcher {}, NO",
    "/a, path_match_policy { name: 'x' }, CANNOT_TELL"
  })
  void paths(String path, String match, Answer answer) {
    assertThat(answer(get(path), match)).isEqualTo(answer);
  }

  @ParameterizedTest
  @CsvSource({
    "x-a: west, string_match { exact: 'west' }, YES",
    "X-A: west, string_match { exact: 'WEST' }, NO",
    "x-a: west, string_match { exact: 'WEST' ignore_case: true }, YES",
    "x-a: us-west, string_match { suffix: '-west' }, YES",
    "x-a: west-2, string_match { prefix: 'west' }, YES",
    "x-a: us-west-2, string_match { contains: 'west' }, YES",
    "x-a: test-7, string_match { safe_regex { regex: 'test-.+' } }, YES",
    "x-a: a test-7, string_match { safe_regex { regex: 'test-.+' } }, NO",
    "x-a: 7, range_match { start: 1 end: 8 }, YES",
    "x-a: 8, range_match { start: 1 end: 8 }, NO",
    "x-a: x, range_match { start: 1 end: 8 }, NO",
    "x-a: , present_match: true, YES",
    "x-b: 1, present_match: true, NO",
    "x-b: 1, present_match: false, YES",
    "x-b: 1, present_match: true invert_match: true, YES",
    "x-b: 1, string_match { exact: 'a' } invert_match: true, NO",
    "x-b: 1, string_match { exact: 'a' } invert_match: true treat_missing_header_as_empty: true, YES",
    "x-b: 1, string_match { exact: '' } treat_missing_header_as_empty: true, YES",
    "x-a: a, string_match { exact: 'a' } invert_match: true, NO",
    "x-a: a, string_match { custom { name: 'x' } }, CANNOT_TELL"
  })
  void headers(String header, String matcher, Answer answer) {
    assertThat(header(get("/", header), "name: 'x-a' " + matcher)).isEqualTo(answer);
  }

  /** As Envoy 1.40 was seen to do it. */
  @ParameterizedTest
  @CsvSource({
    "string_match { exact: 'a' }, YES",
    "string_match { exact: 'b' }, YES",
    "'string_match { exact: \"a,b\" }', NO",
    "string_match { exact: 'a' } invert_match: true, NO",
    "string_match { exact: 'c' } invert_match: true, YES",
    "present_match: true, YES"
  })
  void ofSeveralHeadersOneThatFitsIsEnough(String matcher, Answer answer) {
    assertThat(header(get("/", "x-a: a", "x-a: b"), "name: 'x-a' " + matcher)).isEqualTo(answer);
  }

  @Test
  void olderEnvoysSeeSeveralHeadersAsOneAndOthersCannotBeTold() {
    Call call = Call.parse("GET", "http://a/", List.of("x-a: a", "x-a: b"));
    Seen older = Seen.of(call, Arrival.plain(), Repeats.of("envoy 1.38.2"));
    Seen other = Seen.of(call, Arrival.plain(), Repeats.of("nobody knows"));

    assertThat(header(older, "name: 'x-a' string_match { exact: 'b' }")).isEqualTo(Answer.NO);
    assertThat(header(older, "name: 'x-a' string_match { exact: 'a,b' }")).isEqualTo(Answer.YES);
    assertThat(header(other, "name: 'x-a' string_match { exact: 'b' }"))
        .isEqualTo(Answer.CANNOT_TELL);
    assertThat(header(other, "name: 'x-a' string_match { prefix: 'a' }")).isEqualTo(Answer.YES);
    assertThat(Repeats.of("envoy 1.39.0")).isEqualTo(Repeats.EACH);
    assertThat(Repeats.of("envoy 2.0.0")).isEqualTo(Repeats.EACH);
  }

  @Test
  void headersThatEnvoyMakesOneOfAreJoined() {
    Seen seen = get("/", "user-agent: a", "user-agent: b", "accept: a", "accept: b");

    assertThat(header(seen, "name: 'user-agent' string_match { exact: 'a,b' }"))
        .isEqualTo(Answer.YES);
    assertThat(header(seen, "name: 'accept' string_match { exact: 'b' }"))
        .isEqualTo(Answer.CANNOT_TELL);
  }

  @Test
  void whatTheProxySetsByItselfCannotBeTold() {
    Seen seen = get("/", "x-request-id: 7", "x-envoy-retry-on: 5xx");

    assertThat(header(seen, "name: 'x-request-id' present_match: true"))
        .isEqualTo(Answer.CANNOT_TELL);
    assertThat(header(seen, "name: 'x-envoy-retry-on' string_match { exact: '5xx' }"))
        .isEqualTo(Answer.CANNOT_TELL);
  }

  @Test
  void theMethodTheHostAndThePathAreHeadersToo() {
    Seen seen = get("/a?b=c");

    assertThat(header(seen, "name: ':method' string_match { exact: 'GET' }")).isEqualTo(Answer.YES);
    assertThat(header(seen, "name: 'host' string_match { exact: 'orders.shop' }"))
        .isEqualTo(Answer.YES);
    assertThat(header(seen, "name: ':path' string_match { exact: '/a?b=c' }"))
        .isEqualTo(Answer.YES);
  }

  @ParameterizedTest
  @CsvSource({
    "/?q=1, string_match { exact: '1' }, YES",
    "/?q=1&q=2, string_match { exact: '2' }, NO",
    "/?x&q, string_match { exact: '' }, YES",
    "/?q=a=b, string_match { exact: 'a=b' }, YES",
    "/?q=%31, string_match { exact: '1' }, NO",
    "/?Q=1, present_match: true, NO",
    "/?q, present_match: true, YES",
    "/q=1, present_match: true, NO",
    "/?q, present_match: false, CANNOT_TELL"
  })
  void queryParameters(String path, String matcher, Answer answer) {
    assertThat(answer(get(path), "prefix: '/' query_parameters { name: 'q' " + matcher + " }"))
        .isEqualTo(answer);
  }

  @ParameterizedTest
  @CsvSource({
    "0, HUNDRED, NO, 0%",
    "100, HUNDRED, YES, 100%",
    "25, TEN_THOUSAND, CANNOT_TELL, 0.25%"
  })
  void aShareOfTheRequestsIsTold(int numerator, String of, Answer answer, String share) {
    List<Holds> conditions =
        conditions(
            get("/"),
            "prefix: '/' runtime_fraction { default_value { numerator: %d denominator: %s } }"
                .formatted(numerator, of));

    assertThat(Holds.all(conditions)).isEqualTo(answer);
    assertThat(conditions.getLast().because()).contains(" " + share + " ");
  }

  @ParameterizedTest
  @CsvSource({
    "application/grpc, YES",
    "application/grpc+proto, YES",
    "application/grpc-web, NO",
    "application/json, NO"
  })
  void callsOfGrpcAreToldByTheirContent(String type, Answer answer) {
    assertThat(answer(get("/", "content-type: " + type), "prefix: '/' grpc {}")).isEqualTo(answer);
  }

  @Test
  void oneConditionThatFailsDecidesBeforeOneInDoubt() {
    assertThat(
            answer(get("/x"), "prefix: '/y' headers { name: 'x-request-id' present_match: true }"))
        .isEqualTo(Answer.NO);
  }

  @Test
  void whatOnlyEnvoyKnowsCannotBeTold() {
    assertThat(answer(get("/"), "prefix: '/' dynamic_metadata { filter: 'x' }"))
        .isEqualTo(Answer.CANNOT_TELL);
    assertThat(answer(get("/"), "prefix: '/' tls_context {}")).isEqualTo(Answer.CANNOT_TELL);
    assertThat(answer(get("/"), "")).isEqualTo(Answer.CANNOT_TELL);
  }

  @Test
  void programsPassOverRoutesWithParametersAndSeeNoBinaryHeaders() {
    Seen seen =
        Seen.of(
            Call.parse("POST", "http://orders.shop/a.B/C?q=1", List.of("x-bin: a", "x-a: a")),
            GRPC,
            Repeats.UNKNOWN);

    assertThat(answer(seen, "prefix: '/' query_parameters { name: 'q' present_match: true }"))
        .isEqualTo(Answer.NO);
    assertThat(header(seen, "name: 'x-bin' present_match: true")).isEqualTo(Answer.NO);
    assertThat(header(seen, "name: 'x-a' present_match: true")).isEqualTo(Answer.YES);
    assertThat(header(seen, "name: ':method' string_match { exact: 'POST' }"))
        .isEqualTo(Answer.CANNOT_TELL);
  }
}
