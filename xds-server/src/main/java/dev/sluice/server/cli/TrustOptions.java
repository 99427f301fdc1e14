package dev.sluice.server.cli;

import dev.sluice.server.bootstrap.ServerTrust;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options for TLS from a proxy to the control plane; the files are the proxy's. */
final class TrustOptions {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      description =
          "TLS to the control plane: roots of its certificate, PEM, on the proxy's machine.")
  private @Nullable String ca;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "Mutual TLS: the proxy's own certificates, PEM.")
  private @Nullable String cert;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "The private key of --tls-cert, PEM.")
  private @Nullable String key;

  @Option(
      names = "--tls-server-name",
      paramLabel = "NAME",
      description =
          "What the control plane's certificate has to name, DNS or spiffe:// (default: the host of"
              + " --xds).")
  private @Nullable String serverName;

  /** For an Envoy; null where no TLS is wanted. */
  @Nullable ServerTrust ofEnvoy() {
    if (ca == null) {
      check(
          cert == null && key == null && serverName == null,
          "--tls-cert, --tls-key and --tls-server-name need --tls-ca");
      return null;
    }
    check((cert == null) == (key == null), "--tls-cert and --tls-key are given together");
    ServerTrust.Client client =
        cert == null || key == null ? null : new ServerTrust.Client(cert, key);
    return new ServerTrust(ca, client, serverName);
  }

  /** For a gRPC client, which always wants the name to which it connects. */
  @Nullable ServerTrust ofGrpcClient() {
    check(serverName == null, "--tls-server-name is for Envoys only");
    return ofEnvoy();
  }

  private void check(boolean holds, String message) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
