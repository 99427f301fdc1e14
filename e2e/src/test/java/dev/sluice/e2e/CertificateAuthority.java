package dev.sluice.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A root of its own, made by the JDK's keytool, and the certificates it issues, as PEM files. */
final class CertificateAuthority {
  private static final String PASSWORD = "only-in-tests";

  private final Path folder;
  private final String name;

  private CertificateAuthority(Path folder, String name) {
    this.folder = folder;
    this.name = name;
  }

  /** Files of one certificate. */
  record Issued(Path cert, Path key) {}

  /** A new root, in {@code NAME.crt} of the folder. */
  static CertificateAuthority create(Path folder, String name) {
    CertificateAuthority authority = new CertificateAuthority(folder, name);
    authority.keytool(name, "-ext", "bc:c=ca:true", "-validity", "2");
    authority.write(name, name);
    return authority;
  }

  Path root() {
    return folder.resolve(name + ".crt");
  }

  /**
   * Issues a certificate, over the files of an earlier one.
   *
   * @param file {@code FILE.crt} and {@code FILE.key}
   * @param names such as {@code ip:127.0.0.1}, with commas between
   */
  Issued issue(String file, String names) {
    return issueSince("-1H", file, names);
  }

  /**
   * Issues a certificate that holds for a day.
   *
   * @param start of the day, such as {@code -20H} for 20 hours ago
   */
  Issued issueSince(String start, String file, String names) {
    String alias = file + System.nanoTime();
    keytool(alias, "-signer", name, "-startdate", start, "-validity", "1", "-ext", "san=" + names);
    write(alias, file);
    return new Issued(folder.resolve(file + ".crt"), folder.resolve(file + ".key"));
  }

  private Path store() {
    return folder.resolve(name + ".p12");
  }

  private void keytool(String alias, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
    command.addAll(List.of("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1"));
    command.addAll(List.of("-keystore", store().toString(), "-storepass", PASSWORD));
    command.addAll(List.of("-alias", alias, "-dname", "CN=" + alias));
    command.addAll(List.of(options));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void write(String alias, String file) {
    char[] password = PASSWORD.toCharArray();
    try {
      KeyStore keys = KeyStore.getInstance(store().toFile(), password);
      replace(file + ".crt", "CERTIFICATE", keys.getCertificate(alias).getEncoded());
      replace(file + ".key", "PRIVATE KEY", keys.getKey(alias, password).getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void replace(String file, String type, byte[] encoded) throws IOException {
    Base64.Encoder lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    Path written = folder.resolve(file + ".new");
    Files.writeString(
        written,
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(type, lines.encodeToString(encoded), type));
    Files.move(written, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
  }
}
