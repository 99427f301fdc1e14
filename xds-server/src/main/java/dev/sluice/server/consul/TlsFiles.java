package dev.sluice.server.consul;

import dev.sluice.server.consul.ConsulAccess.Tls;
import dev.sluice.server.pem.PemTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** Makes what the JDK needs for TLS of files in PEM. */
final class TlsFiles {
  private TlsFiles() {}

  /**
   * The context.
   *
   * @throws IOException when a file cannot be used; the message says which and why
   */
  static SSLContext context(Tls tls) throws IOException {
    return PemTls.context(tls.ca(), tls.cert(), tls.key());
  }

  /** When each of the files was changed last; nothing for one that is not there now. */
  static List<FileTime> stamps(Tls tls) {
    List<FileTime> stamps = new ArrayList<>();
    Stream.of(tls.ca(), tls.cert(), tls.key())
        .filter(Objects::nonNull)
        .forEach(
            file -> {
              try {
                stamps.add(Files.getLastModifiedTime(file));
              } catch (IOException e) {
                stamps.add(FileTime.fromMillis(0));
              }
            });
    return stamps;
  }
}
