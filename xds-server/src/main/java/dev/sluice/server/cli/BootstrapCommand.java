package dev.sluice.server.cli;

import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.server.bootstrap.EnvoyBootstrap;
import dev.sluice.server.bootstrap.EnvoyBootstrap.Variant;
import dev.sluice.server.bootstrap.GrpcBootstrap;
import dev.sluice.server.bootstrap.ProxyNode;
import dev.sluice.server.settings.HostPort;
import dev.sluice.server.settings.ServerSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice bootstrap}: the file that a proxy starts with. */
@Command(
    name = "bootstrap",
    description = {
      "Prints the configuration with which a proxy starts and connects to this server.",
      "It is an Envoy bootstrap (YAML), or for --role proxyless that of a gRPC client (JSON)."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice bootstrap --role gateway --service front-proxy.edge > envoy.yaml",
      "  sluice bootstrap --role sidecar --service web.shop --inbound 15006:8080 \\",
      "      --dependencies orders,stock > envoy.yaml && envoy -c envoy.yaml",
      "  sluice bootstrap --role node --service web.shop --xds sluice.example:18000 \\",
      "      --tls-ca ca.crt --tls-cert web.crt --tls-key web.key > envoy.yaml"
    })
final class BootstrapCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--role",
      required = true,
      paramLabel = "ROLE",
      description =
          "sidecar (beside one instance), node (one a machine), gateway (at the edge), or proxyless"
              + " (a gRPC client that speaks xDS itself).")
  private Role role = Role.GATEWAY;

  @Option(
      names = "--service",
      required = true,
      paramLabel = "SERVICE",
      description = "The proxy's own service, name or name.namespace.")
  private String service = "";

  @Option(
      names = "--xds",
      paramLabel = "HOST:PORT",
      converter = HostPortConverter.class,
      description = "Where the control plane is (default: 127.0.0.1:18000).")
  private HostPort xds = ServerSettings.DEFAULT_XDS;

  @Mixin private NodeOptions node = new NodeOptions();

  @Option(
      names = "--node-id",
      paramLabel = "ID",
      description = "Unique among all proxies (default: ROLE~SERVICE~this machine's name).")
  private @Nullable String id;

  @Option(
      names = "--admin-port",
      paramLabel = "PORT",
      description = "Envoy's own admin interface on loopback (default: 9901; 0: any free port).")
  private int adminPort = 9901;

  @Option(
      names = "--sotw",
      description = "State-of-the-world xDS in place of delta xDS, for a proxy without the latter.")
  private boolean stateOfTheWorld;

  @Mixin private TrustOptions tls = new TrustOptions();

  @Override
  public Integer call() {
    NodeGroup group = node.group(role, service);
    if (adminPort < 0 || adminPort > 65535) {
      throw new ParameterException(
          spec.commandLine(), "--admin-port " + adminPort + " is not within 0..65535");
    }
    if (xds.port() == 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--xds " + xds + ": nobody connects to port 0; name the server's own");
    }
    if (id != null && !NodeGroup.isNodeId(id)) {
      throw new ParameterException(
          spec.commandLine(), "--node-id is empty or has control characters; write printable text");
    }
    ProxyNode proxy = new ProxyNode(id != null ? id : defaultId(group), group);
    Variant variant = stateOfTheWorld ? Variant.STATE_OF_THE_WORLD : Variant.DELTA;
    spec.commandLine()
        .getOut()
        .print(
            role == Role.PROXYLESS
                ? new GrpcBootstrap(proxy, xds, tls.ofGrpcClient()).json()
                : new EnvoyBootstrap(proxy, xds, adminPort, variant, tls.ofEnvoy()).yaml());
    return ExitCode.OK;
  }

  private static String defaultId(NodeGroup group) {
    return group.role().name().toLowerCase(Locale.ROOT) + "~" + group.service() + "~" + machine();
  }

  private static String machine() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost"; // A machine without a name: the reader sees it and says --node-id.
    }
  }
}
