package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class BootstrapCommandTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gateway.yaml | --role gateway --service front-proxy.edge --node-id gateway-1",
        "sidecar.yaml | --role sidecar --service web.shop --inbound 15006:8080"
            + " --dependencies orders,stock --node-id web-1",
        "node.yaml | --role node --service node.shop --node-id machine-1",
        "grpc.json | --role proxyless --service web.shop --dependencies orders"
            + " --node-id web-grpc-1"
      })
  void anExampleIsWhatTheCommandPrints(String file, String options) throws IOException {
    List<String> args = new ArrayList<>(List.of("bootstrap"));
    args.addAll(List.of(options.split(" ")));

    Sluice.Answer answer = Sluice.run(args.toArray(String[]::new));

    assertThat(answer.exitCode()).isZero();
    assertThat(answer.out()).isEqualTo(Files.readString(Path.of(Sluice.example("envoy", file))));
  }

  @Test
  void whatTheNamesHoldCannotBreakOutOfTheYaml() {
    Sluice.Answer answer =
        Sluice.run(
            "bootstrap", "--role", "node", "--service", "a", "--node-id", "x\", cluster: \\e");

    Object bootstrap = new Load(LoadSettings.builder().build()).loadFromString(answer.out());

    assertThat(bootstrap)
        .extracting("node")
        .extracting("id", "cluster")
        .containsExactly("x\", cluster: \\e", "a");
  }

  @Test
  void theOptionsAreWhatTheProxyIsToldOfItself() {
    Sluice.Answer answer =
        Sluice.run(
            "bootstrap",
            "--role",
            "node",
            "--service",
            "n.shop",
            "--xds",
            "sluice.example:443",
            "--region",
            "eu",
            "--zone",
            "b",
            "--outbound-port",
            "15009",
            "--label",
            "tier=edge",
            "--tcp",
            "db=15432,cache.ops:6380=16380",
            "--admin-port",
            "0",
            "--sotw");

    assertThat(answer.exitCode()).isZero();
    assertThat(answer.out())
        .contains("locality: {region: \"eu\", zone: \"b\"}")
        .contains("\"outbound\": {\"port\": 15009}")
        .contains("\"tcp\": {\"cache.ops:6380\": 16380, \"db.shop\": 15432}")
        .contains("\"labels\": {\"tier\": \"edge\"}")
        .contains("api_type: GRPC\n")
        .contains("type: STRICT_DNS")
        .contains("address: \"sluice.example\", port_value: 443");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--role gateway --service Bad_Name | is no service",
        "--role node --service a --inbound 1:2 | --inbound is for --role sidecar only",
        "--role gateway --service a --outbound-port 99 | --outbound-port is for",
        "--role node --service a --admin-port 70000 | not within 0..65535",
        "--role sidecar --service a --inbound 80 | is not LISTEN:APPLICATION",
        "--role node --service a --xds nowhere | is not host:port",
        "--role node --service a --xds host:0 | nobody connects to port 0",
        "--role sidecar --service a --inbound 15001:9101 | port 15001 is taken by another listener",
        "--role sidecar --service a --inbound 80:1,80:2 | --inbound 80:2: port 80 is taken",
        "--role gateway --service a --tcp db=15432 | --tcp is for --role sidecar and node only",
        "--role node --service a --tcp db=15001 | --tcp db=15001: port 15001 is taken",
        "--role node --service a --tcp db=99999 | the port is not within 1..65535",
        "--role node --service a --tcp db:x=15432 | \"x\" is not a port from 1 to 65535",
        "--role node --service a --tcp D_B=15432 | is no service",
        "--role node --service a --node-id \u001b[31m | --node-id is empty or has control",
        "--role edge --service a | expected one of",
        "--service a | Missing required option: '--role=ROLE'"
      })
  void whatCannotBeIsWrongUsage(String options, String message) {
    Sluice.Answer answer = Sluice.run(("bootstrap " + options).split(" "));

    assertThat(answer.exitCode()).isEqualTo(2);
    assertThat(answer.err()).contains(message);
    assertThat(answer.out()).isEmpty();
  }
}
