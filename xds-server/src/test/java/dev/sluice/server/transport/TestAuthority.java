package dev.sluice.server.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A root and the certificates that it issues, made by the JDK's keytool and written as PEM files
 * {@code NAME.crt} and {@code NAME.key}.
 */
public final class TestAuthority {
  private static final String PASSWORD = "only-in-tests";

  private final Path folder;
  private final Path store;
  private final String name;

  private TestAuthority(Path folder, String name) {
    this.folder = folder;
    this.store = folder.resolve(name + ".p12");
    this.name = name;
  }

  /** A new root, in {@code NAME.crt} of the folder. */
  public static TestAuthority create(Path folder, String name) {
    TestAuthority authority = new TestAuthority(folder, name);
    authority.keytool(name, "-ext", "bc:c=ca:true", "-validity", "2");
    authority.write(name, name);
    return authority;
  }

  /** The file of the root's certificate. */
  public Path root() {
    return folder.resolve(name + ".crt");
  }

  /** Issues a certificate for these names, such as {@code dns:localhost}, over files of before. */
  public TlsFiles issue(String file, String... names) {
    return issue(file, "-1H", names);
  }

  /** Issues a certificate that has expired. */
  public TlsFiles issueExpired(String file, String... names) {
    return issue(file, "-3d", names);
  }

  private TlsFiles issue(String file, String start, String... names) {
    String alias = file + System.nanoTime();
    List<String> options =
        new ArrayList<>(List.of("-signer", name, "-startdate", start, "-validity", "1"));
    if (names.length > 0) {
      options.addAll(List.of("-ext", "san=" + String.join(",", names)));
    }
    keytool(alias, options.toArray(String[]::new));
    write(alias, file);
    return new TlsFiles(folder.resolve(file + ".crt"), folder.resolve(file + ".key"), root());
  }

  private void keytool(String alias, String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC",
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD,
                "-alias",
                alias,
                "-dname",
                "CN=" + alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1"));
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
    try {
      KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
      replace(file + ".crt", "CERTIFICATE", keys.getCertificate(alias).getEncoded());
      replace(
          file + ".key", "PRIVATE KEY", keys.getKey(alias, PASSWORD.toCharArray()).getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void replace(String file, String type, byte[] encoded) throws IOException {
    Base64.Encoder lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    Files.writeString(
        folder.resolve(file),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(type, lines.encodeToString(encoded), type));
  }
}
