package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Testers reach the new version while everybody else stays on the old one. */
@NeedsEnvoy
class RoutesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void headerAndCookieTestersReachV2WhileEverybodyElseStaysOnV1(Role role) {
    try (TestMesh mesh = new TestMesh("testers", folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"), mesh.backend("v2", "b"));
      mesh.savePolicy(
          Documents.split(100, 0)
              + """
              routes:
                - name: testers
                  match:
                    - {headers: [{name: x-canary, exact: "true"}]}
                    - {cookies: [{name: tester, exact: "1"}]}
                  to: {version: v2}
              """);
      mesh.start(role);
      TrafficClient everybody = mesh.client(role);

      assertThat(everybody.send(2_000).versions()).containsOnlyKeys("v1");
      assertThat(everybody.with("x-canary", "true").send(500).versions()).containsOnlyKeys("v2");
      assertThat(everybody.with("cookie", "tester=1").send(500).versions()).containsOnlyKeys("v2");
      assertThat(everybody.with("cookie", "a=b; tester=1; c=d").send(100).versions())
          .containsOnlyKeys("v2");

      assertThat(everybody.with("x-canary", "false").send(100).versions()).containsOnlyKeys("v1");
      assertThat(everybody.with("cookie", "tester=12").send(100).versions()).containsOnlyKeys("v1");
      assertThat(everybody.with("cookie", "protester=1").send(100).versions())
          .containsOnlyKeys("v1");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void pathAndQueryRoutesAreTriedInOrder(Role role) {
    try (TestMesh mesh = new TestMesh("paths", folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"), mesh.backend("v2", "b"), mesh.backend("v3", "c"));
      mesh.savePolicy(
          Documents.versions("v1", "v2", "v3")
              + """
              split: {weights: {v1: 1, v2: 0, v3: 0}}
              routes:
                - name: exact
                  match: [{path: {exact: /api/v3}, methods: [GET]}]
                  to: {version: v3}
                - name: api
                  match: [{path: {prefix: /api}}, {query: [{name: preview, present: true}]}]
                  to: {version: v2}
              """);
      mesh.start(role);
      TrafficClient client = mesh.client(role);

      assertThat(client.at("/api/v3?x=1").once().version()).isEqualTo("v3");
      assertThat(client.at("/api/v3/more").once().version()).isEqualTo("v2");
      assertThat(client.at("/api").once().version()).isEqualTo("v2");
      assertThat(client.at("/apiary").once().version()).isEqualTo("v1");
      assertThat(client.at("/?preview=").once().version()).isEqualTo("v2");
      assertThat(client.at("/").once().version()).isEqualTo("v1");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void methodRegexAndPartsOfValuesAreMatched(Role role) {
    try (TestMesh mesh = new TestMesh("conditions", folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"), mesh.backend("v2", "b"));
      mesh.savePolicy(
          Documents.split(100, 0)
              + """
              routes:
                - name: writes
                  match: [{methods: [POST, PUT], path: {prefix: /}}]
                  to: {version: v2}
                - name: regexes
                  match:
                    - {path: {regex: "/v[0-9]+/items"}}
                    - {headers: [{name: x-user, regex: "test-.+"}]}
                    - {query: [{name: id, regex: "[a-f]{4}"}]}
                  to: {version: v2}
                - name: parts
                  match:
                    - {headers: [{name: user-agent, contains: "Mobile"}, {name: x-beta, present: true}]}
                    - {headers: [{name: x-region, suffix: "-west"}]}
                    - {query: [{name: lang, prefix: "de"}]}
                  to: {version: v2}
              """);
      mesh.start(role);
      TrafficClient client = mesh.client(role);

      assertThat(client.at("/v12/items?a=b").once().version()).isEqualTo("v2");
      assertThat(client.at("/v12/items/7").once().version()).isEqualTo("v1");
      assertThat(client.with("x-user", "test-7").once().version()).isEqualTo("v2");
      assertThat(client.with("x-user", "a test-7").once().version()).isEqualTo("v1");
      assertThat(client.at("/?id=beef").once().version()).isEqualTo("v2");
      assertThat(client.at("/?id=beefy").once().version()).isEqualTo("v1");
      TrafficClient mobile = client.with("user-agent", "a Mobile one");
      assertThat(mobile.once().version()).isEqualTo("v1");
      assertThat(mobile.with("x-beta", "").once().version()).isEqualTo("v2");
      assertThat(client.with("x-region", "us-west").once().version()).isEqualTo("v2");
      assertThat(client.with("x-region", "us-west-2").once().version()).isEqualTo("v1");
      assertThat(client.at("/?lang=de-AT").once().version()).isEqualTo("v2");
      assertThat(client.asking("POST").once().version()).isEqualTo("v2");
      assertThat(client.asking("DELETE").once().version()).isEqualTo("v1");
    }
  }
}
