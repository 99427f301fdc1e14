package dev.sluice.server.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.util.JsonFormat;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.ServiceId;
import dev.sluice.node.InboundPort;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.OutboundTcp;
import dev.sluice.node.Role;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyNodeTest {
  private static ProxyNode read(String json) throws Exception {
    Node.Builder node = Node.newBuilder();
    JsonFormat.parser().merge(json, node);
    return ProxyNode.of(node.build());
  }

  @Test
  void everythingThatDecidesTheViewIsRead() throws Exception {
    ProxyNode node =
        read(
            """
            {"id": "web-1", "cluster": "web.shop", "user_agent_name": "envoy",
             "user_agent_build_version": {"version": {"major_number": 1, "minor_number": 40}},
             "locality": {"region": "eu", "zone": "a"},
             "metadata": {"sluice": {"role": "sidecar",
               "dependencies": ["db", "mail.office"], "labels": {"tier": "front"},
               "outbound": {"port": 15002, "mode": "explicit"},
               "inbound": [{"port": 15006, "to": 8080}],
               "tcp": {"db": 15432, "cache.ops:6380": 16380}}}}
            """);
    NodeGroup group = node.group();
    assertThat(group.role()).isEqualTo(Role.SIDECAR);
    assertThat(group.service()).isEqualTo(new ServiceId("web", "shop"));
    assertThat(group.dependencies())
        .containsExactlyInAnyOrder(new ServiceId("db", "shop"), new ServiceId("mail", "office"));
    assertThat(group.labels()).containsEntry("tier", "front").containsEntry("app", "web");
    assertThat(group.locality()).isEqualTo(new Locality("eu", "a"));
    assertThat(group.outboundPort()).isEqualTo(15002);
    assertThat(group.inbound()).containsExactly(new InboundPort(15006, 8080));
    assertThat(group.tcp())
        .containsExactly(
            new OutboundTcp(new ServiceId("cache", "ops"), OptionalInt.of(6380), 16380),
            new OutboundTcp(new ServiceId("db", "shop"), OptionalInt.empty(), 15432));
    assertThat(node.userAgent()).isEqualTo("envoy 1.40.0");
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"id\": \"a\\nb\", \"cluster\": \"web\"}',                              node.id",
    "'{\"id\": \"a\\u001b[31m\", \"cluster\": \"web\"}',                       node.id",
    "'{\"id\": \"a\\u202eb\", \"cluster\": \"web\"}',                          node.id",
    "'{\"id\": \"a\", \"cluster\": \"web\\r\"}',                               node.cluster",
    "'{\"id\": \"a\", \"cluster\": \"web\", \"user_agent_name\": \"\\u0007\"}', node.user_agent_name"
  })
  void controlCharactersAreRefusedAndNotRepeated(String json, String path) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(InvalidNodeException.class)
        .hasMessage(path + " has control characters; write printable text");
  }

  @Test
  void controlCharactersInTheMetadataAreRefusedAndNotRepeated() {
    assertThatThrownBy(
            () ->
                read(
                    "{\"id\": \"a\", \"cluster\": \"web\", \"metadata\": {\"sluice\": {\"role\": \"\\u001b[2J\"}}}"))
        .hasMessage("node.metadata.sluice.role has control characters; write printable text");
    assertThatThrownBy(
            () ->
                read(
                    "{\"id\": \"a\", \"cluster\": \"web\", \"metadata\": {\"sluice\": {\"\\u001b[2J\": 1}}}"))
        .hasMessageStartingWith("node.metadata.sluice.(control characters) is not known");
  }

  @Test
  void aBareNodeIsASidecarInTheDefaultNamespace() throws Exception {
    NodeGroup group = read("{\"id\": \"x\", \"cluster\": \"web\"}").group();
    assertThat(group.role()).isEqualTo(Role.SIDECAR);
    assertThat(group.service()).isEqualTo(new ServiceId("web", "default"));
    assertThat(group.outboundPort()).isEqualTo(NodeGroup.DEFAULT_OUTBOUND_PORT);
  }

  @Test
  void aGrpcClientIsProxylessAndNamesItsServiceInTheMetadata() throws Exception {
    ProxyNode node =
        read(
            """
            {"id": "x", "user_agent_name": "gRPC Java", "user_agent_version": "1.85",
             "metadata": {"sluice": {"service": "web", "namespace": "shop"}}}
            """);
    assertThat(node.isProxyless()).isTrue();
    assertThat(node.group().service()).isEqualTo(new ServiceId("web", "shop"));
    assertThat(node.userAgent()).isEqualTo("gRPC Java 1.85");
  }

  @Test
  void aNodeWithoutAServiceOrAnIdIsRefused() {
    assertThatThrownBy(() -> read("{\"id\": \"x\"}"))
        .hasMessage("node.cluster is ''; name the proxy's service, such as web.shop");
    assertThatThrownBy(() -> read("{\"cluster\": \"web\"}"))
        .hasMessage("node.id is empty; give every proxy an id of its own");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"role": "boss"} | role is 'boss'; write sidecar, node or gateway
          {"role": 3} | role is 3.0; write a text in quotes
          {"dependencies": "db"} | dependencies is 'db'; write a list
          {"dependencies": ["db", 4]} | dependencies[1] is 4.0; write a text in quotes
          {"labels": []} | labels is a list; write a map
          {"labels": {"a": true}} | labels.a is true; write a text in quotes
          {"outbound": {"port": 99999}} | outbound.port is 99999.0; write a port from 1 to 65535
          {"outbound": {"mode": "transparent"}} | outbound.mode is 'transparent'; only explicit is supported
          {"inbound": [{"port": 15006}]} | inbound[0].to is missing; write a port from 1 to 65535
          {"inbound": [15006]} | inbound[0] is not a map; write {port: 15006, to: 8080}
          {"inbuond": []} | inbuond is not known; the keys are [dependencies, inbound, labels, namespace, outbound, role, service, tcp]
          {"tcp": ["db"]} | tcp is a list; write a map
          {"tcp": {"db": "15432"}} | tcp.db is '15432'; write a port from 1 to 65535
          {"tcp": {"db": 15001}} | tcp.db 15001 is taken by another listener; give each a port of its own
          {"tcp": {"a": 15432, "b": 15432}} | tcp.b 15432 is taken by another listener; give each a port of its own
          {"tcp": {"db:pg": 15432}} | tcp: "db:pg": "pg" is not a port from 1 to 65535
          {"tcp": {".shop": 15432}} | tcp: ".shop" is no service; write name.namespace, or name.namespace:port
          """)
  void metadataThatIsWrongIsRefusedWithTheKeyAndWhatIsRight(String metadata, String message) {
    assertThatThrownBy(
            () ->
                read(
                    "{\"id\": \"x\", \"cluster\": \"web\", \"metadata\": {\"sluice\": "
                        + metadata
                        + "}}"))
        .isInstanceOf(InvalidNodeException.class)
        .hasMessage("node.metadata.sluice." + message);
  }
}
