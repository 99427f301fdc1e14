package dev.sluice.server.csds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.envoyproxy.envoy.service.status.v3.ClientStatusRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which proxies client statuses are asked of, at the wire. */
class ClientStatusMatchersTest extends ClientStatusTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "{}; one two",
        "{nodeId: {exact: 'one'}}; one",
        "{nodeId: {exact: 'ONE', ignoreCase: true}}; one",
        "{nodeId: {prefix: 'o'}}; one",
        "{nodeId: {suffix: 'wo'}}; two",
        "{nodeId: {contains: 'n'}}; one",
        "{nodeId: {safeRegex: {regex: 'o.e|t.o'}}}; one two",
        "{nodeId: {safeRegex: {regex: 'o'}}}; ",
        "{nodeMetadatas: [{path: [{key: 'rack'}], value: {stringMatch: {exact: 'r2'}}}]}; two",
        "{nodeMetadatas: [{path: [{key: 'rack'}], value: {presentMatch: true}}]}; one two",
        "{nodeMetadatas: [{path: [{key: 'rock'}], value: {presentMatch: true}}]}; ",
        "{nodeMetadatas: [{path: [{key: 'rock'}], value: {presentMatch: false}}]}; one two",
        "{nodeMetadatas: [{path: [{key: 'rack'}], value: {boolMatch: true}}]}; ",
        "{nodeMetadatas: [{path: [{key: 'rack'}], value: {orMatch: {valueMatchers: ["
            + "{doubleMatch: {exact: 1}}, {stringMatch: {suffix: '1'}}]}}}]}; one",
        "{nodeId: {exact: 'one'}, nodeMetadatas: ["
            + "{path: [{key: 'rack'}], value: {stringMatch: {exact: 'r2'}}}]}; ",
      },
      delimiter = ';')
  void aMatcherChoosesProxies(String matcher, String wanted) throws Exception {
    var _ = new Proxy("one", "r1");
    var _ = new Proxy("two", "r2");
    await().until(() -> server.proxies().size() == 2);

    assertThat(fetch(request(matcher)).getConfigList())
        .extracting(client -> client.getNode().getId())
        .containsExactly(wanted == null ? new String[0] : wanted.split(" "));
  }

  @Test
  void oneOfSeveralMatchersIsEnough() throws Exception {
    var _ = new Proxy("one", "r1");
    var _ = new Proxy("two", "r2");
    var _ = new Proxy("three", "r2");
    await().until(() -> server.proxies().size() == 3);
    ClientStatusRequest either =
        request("{nodeId: {exact: 'one'}}").toBuilder()
            .mergeFrom(request("{nodeId: {prefix: 'th'}}"))
            .build();
    assertThat(fetch(either).getConfigList())
        .extracting(client -> client.getNode().getId())
        .containsExactly("one", "three");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "{nodeId: {}}; node_matchers[0].node_id: write exact, prefix, suffix, contains or safe_regex",
        "{nodeId: {custom: {name: 'x'}}}; node_matchers[0].node_id.custom: no extension is known",
        "{nodeId: {safeRegex: {regex: '('}}}; node_matchers[0].node_id.safe_regex: error parsing"
            + " regexp: missing closing ): `(`",
        "{nodeMetadatas: [{value: {presentMatch: true}}]}; node_matchers[0].node_metadatas[0].path:"
            + " write the keys that lead to the value",
        "{nodeMetadatas: [{path: [{key: 'a'}], value: {doubleMatch: {}}}]};"
            + " node_matchers[0].node_metadatas[0].value.double_match: write range or exact",
      },
      delimiter = ';')
  void aMatcherThatCannotBeAppliedIsRefused(String matcher, String message) throws Exception {
    ClientStatusRequest request = request(matcher);
    assertThatThrownBy(() -> fetch(request))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
              assertThat(e.getStatus().getDescription()).isEqualTo(message);
            });
  }
}
