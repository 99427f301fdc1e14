package dev.sluice.server.kubernetes;

import dev.sluice.server.pem.Pem;
import dev.sluice.server.pem.PemException;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The private key by which a kubeconfig's user is known, in any form of PEM. */
final class ClientKey {
  private static final Set<String> USABLE = Set.of("RSA", "EC");

  private ClientKey() {}

  /**
   * Gives the key to the client as PKCS #8 with its algorithm: the client takes every such key for
   * one of RSA unless it is told.
   *
   * @throws IOException when the key cannot be read
   */
  static void prepare(Config config, Path kubeconfig) throws IOException {
    String text = text(config);
    if (text == null) {
      return;
    }
    try {
      PrivateKey key = Pem.key(text);
      if (!USABLE.contains(key.getAlgorithm())) {
        throw new IOException(
            "the client key of the kubeconfig %s is of %s; make one of RSA or EC"
                .formatted(kubeconfig, key.getAlgorithm()));
      }
      byte[] plain = Pem.text(key).getBytes(StandardCharsets.UTF_8);
      config.setClientKeyData(Base64.getEncoder().encodeToString(plain));
      config.setClientKeyAlgo(key.getAlgorithm());
    } catch (PemException | IllegalArgumentException e) {
      throw new IOException(
          "the client key of the kubeconfig %s cannot be read: %s"
              .formatted(kubeconfig, e.getMessage()),
          e);
    }
  }

  private static @Nullable String text(Config config) throws IOException {
    String data = config.getClientKeyData();
    if (data != null && !data.isEmpty()) {
      return new String(Base64.getMimeDecoder().decode(data), StandardCharsets.UTF_8);
    }
    String file = config.getClientKeyFile();
    return file == null || file.isEmpty() ? null : Files.readString(Path.of(file));
  }
}
