package dev.sluice.e2e;

import dev.sluice.server.pem.Pem;
import dev.sluice.server.pem.PemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Somebody in a namespace of a cluster who may read what is granted, and nothing else. */
final class ServiceAccount {
  private static final String ISSUER = "https://kubernetes.default.svc";
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  /** For so long after its end an API server takes a token, for clocks that differ. */
  private static final Duration LEEWAY = Duration.ofMinutes(1);

  private final KubernetesCluster cluster;
  private final String namespace;
  private final String name;
  private int grants;

  /** A new one, who may nothing. */
  ServiceAccount(KubernetesCluster cluster, String namespace, String name) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.name = name;
    cluster.kubectl("create", "serviceaccount", name, "-n", namespace);
  }

  /** Grants to read the documents of its namespace. */
  ServiceAccount grantDocuments() {
    return grant(
        "trafficpolicies.sluice.dev,gateways.sluice.dev,instanceoverrides.sluice.dev,"
            + "staticservices.sluice.dev");
  }

  /**
   * Grants to read resources of its namespace.
   *
   * @param resources plurals with their groups, with commas between
   * @param named those of these names alone; none for all
   */
  ServiceAccount grant(String resources, String... named) {
    String role = name + "-" + grants++;
    List<String> command = new ArrayList<>(List.of("create", "role", role, "-n", namespace));
    command.add("--verb=get,list,watch");
    command.add("--resource=" + resources);
    for (String one : named) {
      command.add("--resource-name=" + one);
    }
    cluster.kubectl(command.toArray(String[]::new));
    cluster.kubectl(
        "create",
        "rolebinding",
        role,
        "-n",
        namespace,
        "--role=" + role,
        "--serviceaccount=" + namespace + ":" + name);
    return this;
  }

  /** A bearer token, for an hour, or until the account is deleted. */
  String token() {
    return cluster.kubectl("create", "token", name, "-n", namespace).strip();
  }

  /**
   * A bearer token that the API server takes until then, and up to ten seconds longer if it has
   * seen it before. It is signed as the API server's own, which are for ten minutes at least.
   */
  String tokenUntil(Instant end) {
    String uid =
        cluster.kubectl(
            "get", "serviceaccount", name, "-n", namespace, "-o", "jsonpath={.metadata.uid}");
    long expiry = end.minus(LEEWAY).getEpochSecond();
    String claims =
        """
        {"iss": "%1$s", "aud": ["%1$s"], "sub": "system:serviceaccount:%2$s:%3$s",
         "nbf": 0, "iat": 0, "exp": %4$d,
         "kubernetes.io": {"namespace": "%2$s", "serviceaccount": {"name": "%3$s", "uid": "%5$s"}}}
        """
            .formatted(ISSUER, namespace, name, expiry, uid);
    String signed = base64("{\"alg\": \"RS256\"}") + "." + base64(claims);
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(
          Pem.key(Files.readString(cluster.folder().resolve("service-account.key"))));
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + BASE64.encodeToString(signature.sign());
    } catch (GeneralSecurityException | IOException | PemException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(String text) {
    return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
