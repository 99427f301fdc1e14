package dev.sluice.server.pipeline;

import dev.sluice.problem.Problem;
import dev.sluice.secret.SecretId;
import dev.sluice.secret.Secrets;
import dev.sluice.secret.TlsSecret;
import dev.sluice.spec.Document;
import dev.sluice.spec.Documents;
import dev.sluice.spec.Gateway;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.StaticService;
import dev.sluice.spec.TrafficPolicy;
import dev.sluice.spec.UpstreamTls;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Tells the authors of documents that name secrets which no source tells of. */
final class MissingSecrets {
  private final Secrets secrets;
  private final List<Problem> problems = new ArrayList<>();

  private MissingSecrets(Secrets secrets) {
    this.secrets = secrets;
  }

  /** What {@code documents} name and {@code secrets} do not have. */
  static List<Problem> problems(Documents documents, Secrets secrets) {
    MissingSecrets missing = new MissingSecrets(secrets);
    documents.all().values().forEach(missing::look);
    return List.copyOf(missing.problems);
  }

  private void look(Document document) {
    switch (document) {
      case Gateway gateway -> {
        List<Gateway.Listener> listeners = gateway.spec().listeners();
        for (int i = 0; i < listeners.size(); i++) {
          Gateway.Tls tls = listeners.get(i).tls();
          if (tls != null) {
            String path = "$.spec.listeners[" + i + "].tls.secret";
            keyPair(document, path, tls.secret(), "its clients are refused");
          }
        }
      }
      case TrafficPolicy policy -> {
        UpstreamTls tls = policy.spec().upstreamTls();
        if (tls != null) {
          String until = "calls to the service fail";
          String authorities = "$.spec.upstreamTLS.caSecret";
          need(TlsSecret::authorities, "ca.crt", document, authorities, tls.caSecret(), until);
          if (tls.secret() != null) {
            keyPair(document, "$.spec.upstreamTLS.secret", tls.secret(), until);
          }
        }
      }
      case InstanceOverride _, StaticService _ -> {}
    }
  }

  private void keyPair(Document document, String path, String name, String until) {
    need(TlsSecret::keyPair, "tls.crt and tls.key", document, path, name, until);
  }

  private void need(
      Function<TlsSecret, Optional<?>> part,
      String files,
      Document document,
      String path,
      String name,
      String until) {
    SecretId id = new SecretId(name, document.metadata().namespace());
    Optional<TlsSecret> secret = secrets.secret(id);
    if (secret.flatMap(part).isPresent()) {
      return;
    }
    String what =
        secret.isPresent()
            ? "secret %s has no %s".formatted(id, files)
            : "no source tells of secret %s, which has to have %s".formatted(id, files);
    problems.add(
        Problem.warning(
            document.origin().at(path),
            path,
            what + "; until one does, what held before stays, and where nothing did, " + until));
  }
}
