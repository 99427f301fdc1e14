package dev.sluice.server.kubernetes;

import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.OAuthTokenProvider;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bearer token in a file, read anew for every request: the kubelet, and whoever else renews it,
 * replaces the file.
 */
final class TokenFile implements OAuthTokenProvider {
  private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);

  private final Path file;
  private volatile String last = "";

  TokenFile(Path file) {
    this.file = file;
  }

  /** The {@code tokenFile} of the current context's user, where it has one. */
  static Optional<TokenFile> of(Config config, Path kubeconfig) throws IOException {
    io.fabric8.kubernetes.api.model.Config text =
        new KubernetesSerialization()
            .unmarshal(Files.readString(kubeconfig), io.fabric8.kubernetes.api.model.Config.class);
    String user = config.getCurrentContext().getContext().getUser();
    return text.getUsers().stream()
        .filter(one -> one.getName().equals(user))
        .map(NamedAuthInfo::getUser)
        .flatMap(info -> Stream.ofNullable(info.getTokenFile()))
        .map(named -> new TokenFile(kubeconfig.resolveSibling(named)))
        .findFirst();
  }

  @Override
  public String getToken() {
    try {
      last = Files.readString(file).strip();
    } catch (IOException e) {
      // It may be on its way; the API server says so if it is not the right one any more.
      LOG.debug("the token {} cannot be read: {}", file, e.getMessage());
    }
    return last;
  }
}
