package dev.sluice.server.cli;

import dev.sluice.server.transport.TlsFiles;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that give the xDS port TLS; together they replace {@code xds.tls}. */
final class XdsTlsOptions {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--xds-cert",
      paramLabel = "FILE",
      description =
          "TLS on the xDS port: the server's certificates, PEM; taken up when it changes.")
  private @Nullable Path cert;

  @Option(
      names = "--xds-key",
      paramLabel = "FILE",
      description = "The private key of --xds-cert, PEM.")
  private @Nullable Path key;

  @Option(
      names = "--xds-client-ca",
      paramLabel = "FILE",
      description = "Mutual TLS: roots of the certificates that proxies then need, PEM.")
  private @Nullable Path clientCa;

  /** The files; null where none is given. */
  @Nullable TlsFiles files() {
    if (cert == null && key == null && clientCa == null) {
      return null;
    }
    if (cert == null || key == null) {
      throw refused("--xds-cert and --xds-key are given together");
    }
    TlsFiles files = new TlsFiles(cert, key, clientCa);
    files.wrong(InstantSource.system()).stream()
        .findFirst()
        .ifPresent(
            wrong -> {
              throw refused(option(wrong.part()) + ": " + wrong.message());
            });
    return files;
  }

  private static String option(TlsFiles.Part part) {
    return switch (part) {
      case CERT -> "--xds-cert";
      case KEY -> "--xds-key";
      case CLIENT_CA -> "--xds-client-ca";
    };
  }

  private ParameterException refused(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
