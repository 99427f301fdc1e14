package dev.sluice.server.source.consul;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Protocol;
import dev.sluice.server.consul.Addresses;
import dev.sluice.server.source.consul.Instance.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InstancesTest {
  private static final String NODE =
      """
      {"Node": "vm-1", "Address": "10.0.0.1", "Datacenter": "dc1",
       "TaggedAddresses": {"lan": "10.0.0.1", "wan": "203.0.113.1"},
       "Meta": {"zone": "a"}}\
      """;

  private static Instances read(Addresses addresses, String node, String service, String checks) {
    String body =
        "[{\"Node\": %s, \"Service\": %s, \"Checks\": [%s]}]".formatted(node, service, checks);
    try {
      return Instances.of(Reply.entries(body.getBytes(StandardCharsets.UTF_8)), addresses);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Instance one(String service, String... checks) {
    return one(Addresses.USUAL, service, checks);
  }

  private static Instance one(Addresses addresses, String service, String... checks) {
    Instances read = read(addresses, NODE, service, String.join(",", checks));
    assertThat(read.wrong()).isEmpty();
    return read.all().getFirst();
  }

  private static String check(String id, String status) {
    return "{\"Node\": \"vm-1\", \"CheckID\": \"%s\", \"Status\": \"%s\"}".formatted(id, status);
  }

  @Test
  void anInstanceHasTheAddressOfItsNodeUnlessItHasItsOwn() {
    Instance ofNode = one("{\"ID\": \"a\", \"Address\": \"\", \"Port\": 8080}");
    assertThat(ofNode.address()).isEqualTo("10.0.0.1");
    assertThat(ofNode.port()).isEqualTo(8080);
    assertThat(ofNode.locality()).isEqualTo(new Locality("dc1", "a"));
    assertThat(ofNode.state()).isEqualTo(State.PASSING);
    assertThat(one("{\"ID\": \"a\", \"Address\": \"10.0.0.9\", \"Port\": 1}").address())
        .isEqualTo("10.0.0.9");
  }

  @Test
  void aTaggedAddressCountsByChoice() {
    String plain = "{\"ID\": \"a\", \"Port\": 8080}";
    assertThat(one(Addresses.WAN, plain).address()).isEqualTo("203.0.113.1");
    assertThat(one(Addresses.LAN, plain).address()).isEqualTo("10.0.0.1");
    String tagged =
        """
        {"ID": "a", "Address": "10.0.0.9", "Port": 8080,
         "TaggedAddresses": {"wan": {"Address": "198.51.100.7", "Port": 443}}}\
        """;
    Instance wan = one(Addresses.WAN, tagged);
    assertThat(wan.address() + ":" + wan.port()).isEqualTo("198.51.100.7:443");
    assertThat(one(Addresses.LAN, tagged).address())
        .as("its own rather than its node's")
        .isEqualTo("10.0.0.9");
  }

  @Test
  void tagsAndMetadataAreLabels() {
    Instance instance =
        one(
            """
            {"ID": "a", "Port": 1, "Tags": ["prod", "version=v1"],
             "Meta": {"slot": "blue", "sluice-port": "5432", "sluice-protocol": "tcp"}}\
            """);
    assertThat(instance.labels())
        .containsAllEntriesOf(Map.of("prod", "true", "version", "v1", "slot", "blue"));
    assertThat(instance.servicePort()).hasValue(5432);
    assertThat(instance.protocol()).contains(Protocol.TCP);
  }

  @Test
  void warningIsWellAndHasItsOwnWeight() {
    String weighted =
        "{\"ID\": \"a\", \"Port\": 1, \"Weights\": {\"Passing\": 10, \"Warning\": 2}}";
    assertThat(one(weighted, check("web", "passing")).weight()).isEqualTo(10);
    Instance warned = one(weighted, check("web", "passing"), check("disk", "warning"));
    assertThat(warned.weight()).isEqualTo(2);
    assertThat(warned.state()).isEqualTo(State.PASSING);
    String none = "{\"ID\": \"a\", \"Port\": 1, \"Weights\": {\"Passing\": 1, \"Warning\": 0}}";
    assertThat(one(none, check("disk", "warning")).state()).isEqualTo(State.OUT);
  }

  @Test
  void criticalAndMaintenanceAreToldApart() {
    String plain = "{\"ID\": \"a\", \"Port\": 1}";
    assertThat(one(plain, check("web", "critical")).state()).isEqualTo(State.CRITICAL);
    assertThat(one(plain, check("serfHealth", "critical")).state()).isEqualTo(State.CRITICAL);
    assertThat(one(plain, check("_node_maintenance", "critical")).state()).isEqualTo(State.OUT);
    assertThat(
            one(plain, check("web", "critical"), check("_service_maintenance:a", "critical"))
                .state())
        .isEqualTo(State.OUT);
  }

  @Test
  void whatCannotBeCalledIsLeftOutWithAWordAboutIt() {
    Instances named =
        read(
            Addresses.USUAL, NODE, "{\"ID\": \"a\", \"Address\": \"vm.example\", \"Port\": 1}", "");
    assertThat(named.all()).isEmpty();
    assertThat(named.wrong())
        .containsExactly(
            "a on vm-1: its address \"vm.example\" is no IP literal, so it is left out; register"
                + " its IP");
    Instances portless = read(Addresses.USUAL, NODE, "{\"ID\": \"a\", \"Port\": 0}", "");
    assertThat(portless.all()).isEmpty();
    assertThat(portless.wrong()).singleElement().asString().contains("has no port (0)");
    Instances odd =
        read(
            Addresses.USUAL,
            NODE,
            "{\"ID\": \"a\", \"Port\": 1, \"Meta\": {\"sluice-port\": \"x\", \"sluice-protocol\": \"y\"}}",
            "");
    assertThat(odd.all()).hasSize(1);
    assertThat(odd.wrong()).hasSize(2);
  }

  @Test
  void aProxyOfConnectIsNoInstance() {
    assertThat(
            read(
                    Addresses.USUAL,
                    NODE,
                    "{\"Kind\": \"connect-proxy\", \"ID\": \"p\", \"Port\": 1}",
                    "")
                .all())
        .isEmpty();
  }
}
