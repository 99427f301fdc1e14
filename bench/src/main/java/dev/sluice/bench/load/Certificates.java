package dev.sluice.bench.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A certificate authority with one certificate for the server and one for the proxies, made by the
 * JDK's {@code keytool} and good for a day.
 *
 * @param directory where the PEM files are
 */
record Certificates(Path directory) {
  private static final String PASSWORD = "not-a-secret";

  /** Makes them in {@code directory}. */
  static Certificates create(Path directory) throws IOException {
    Certificates certificates = new Certificates(directory);
    certificates.pair("ca", "CN=Bench CA", "bc:c");
    certificates.exportKey("ca");
    certificates.keytool(
        "-exportcert", "-rfc", "-alias", "ca", "-file", certificates.authority().toString());
    certificates.signed("server", "san=ip:127.0.0.1,dns:localhost");
    certificates.signed("proxy", "san=uri:spiffe://bench/ns/default/sa/bench");
    return certificates;
  }

  /** The authority's certificate. */
  Path authority() {
    return certificate("ca");
  }

  /** The certificate of {@code server} or {@code proxy}. */
  Path certificate(String name) {
    return directory.resolve(name + ".crt");
  }

  /** The private key of {@code server} or {@code proxy}, in PKCS #8. */
  Path key(String name) {
    return directory.resolve(name + ".key");
  }

  private void signed(String name, String extension) throws IOException {
    pair(name, "CN=" + name, extension);
    String request = directory.resolve(name + ".csr").toString();
    keytool("-certreq", "-alias", name, "-file", request);
    keytool(
        "-gencert",
        "-rfc",
        "-alias",
        "ca",
        "-infile",
        request,
        "-outfile",
        certificate(name).toString(),
        "-validity",
        "1",
        "-ext",
        extension);
    exportKey(name);
  }

  private void pair(String name, String subject, String extension) throws IOException {
    keytool(
        "-genkeypair",
        "-alias",
        name,
        "-keyalg",
        "EC",
        "-groupname",
        "secp256r1",
        "-dname",
        subject,
        "-validity",
        "1",
        "-ext",
        extension);
  }

  private void exportKey(String name) throws IOException {
    try {
      KeyStore store = KeyStore.getInstance(store().toFile(), PASSWORD.toCharArray());
      byte[] key = store.getKey(name, PASSWORD.toCharArray()).getEncoded();
      String lines =
          Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(key);
      Files.writeString(
          key(name), "-----BEGIN PRIVATE KEY-----\n" + lines + "\n-----END PRIVATE KEY-----\n");
    } catch (GeneralSecurityException e) {
      throw new IOException("the key of " + name + " cannot be read from " + store(), e);
    }
  }

  private Path store() {
    return directory.resolve("keys.p12");
  }

  private void keytool(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-keystore", store().toString(), "-storepass", PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("keytool failed: " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while keytool ran", e);
    }
  }
}
