package dev.sluice.server.pipeline;

import static dev.sluice.server.pipeline.Shop.GATEWAY;
import static dev.sluice.server.pipeline.Shop.document;
import static dev.sluice.server.pipeline.Shop.group;
import static dev.sluice.server.pipeline.Shop.service;
import static dev.sluice.server.pipeline.Shop.sidecar;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.problem.Problem;
import dev.sluice.secret.SecretId;
import dev.sluice.secret.TlsSecret;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.SnapshotDiff;
import dev.sluice.source.SourceEntry;
import dev.sluice.source.SourceUpdate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which secrets are published for whom, and what is told of those that are not there. */
class SecretsTest extends PipelineFixture {
  private static final NodeGroup EDGE = group(Role.GATEWAY, "edge");
  private static final NodeGroup OTHER_EDGE = group(Role.GATEWAY, "other");
  private static final String HTTPS =
      GATEWAY.replace("protocol: HTTP,", "protocol: HTTPS, tls: {secret: cert},");

  private static SourceEntry keyPair(String name, String contents) {
    return new SourceEntry.OfSecret(
        new TlsSecret(
            new SecretId(name, "shop"),
            Optional.of(
                new TlsSecret.KeyPair(contents, "key of " + contents, Instant.EPOCH, Instant.MAX)),
            Optional.empty()));
  }

  private static SourceEntry authorities(String name, String contents) {
    return new SourceEntry.OfSecret(
        new TlsSecret(new SecretId(name, "shop"), Optional.empty(), Optional.of(contents)));
  }

  private static SourceUpdate gone(String name) {
    return new SourceUpdate.Remove(new SourceEntry.SecretKey(new SecretId(name, "shop")));
  }

  private static SourceEntry overTls(String service, String tls) {
    return document(
        """
        apiVersion: sluice.dev/v1
        kind: TrafficPolicy
        metadata: {name: %1$s, namespace: shop}
        spec:
          target: {service: %1$s}
          upstreamTLS: %2$s
        """
            .formatted(service, tls));
  }

  private Set<String> secrets(NodeGroup group) {
    return snapshot(group).resources(ResourceType.SECRET).keySet();
  }

  private Secret secret(NodeGroup group, String name) {
    return (Secret) snapshot(group).resource(ResourceType.SECRET, name).orElseThrow().message();
  }

  private List<String> problems() {
    return pipeline.problems().stream().map(Problem::toString).toList();
  }

  @Test
  void aSecretComesOnlyToThoseWhoseListenersOrClustersNameIt() {
    NodeGroup proxyless = group(Role.PROXYLESS, "client");
    List.of(EDGE, OTHER_EDGE, sidecar(), proxyless).forEach(this::watch);
    tell(
        service("orders", 1),
        document(HTTPS),
        overTls("orders", "{secret: caller, caSecret: ca, sni: orders.internal}"),
        keyPair("cert", "1"),
        keyPair("caller", "2"),
        keyPair("nobodys", "3"),
        authorities("ca", "4"));

    assertThat(secrets(EDGE)).contains("shop/cert").doesNotContain("shop/nobodys");
    assertThat(secrets(OTHER_EDGE)).isEmpty();
    assertThat(secrets(sidecar())).containsExactly("shop/ca/ca", "shop/caller");
    assertThat(secrets(proxyless)).isEmpty();
    assertThat(secret(EDGE, "shop/cert").getTlsCertificate().getCertificateChain())
        .hasToString("inline_string: \"1\"\n");
    assertThat(secret(EDGE, "shop/cert").getTlsCertificate().getPrivateKey())
        .hasToString("inline_string: \"key of 1\"\n");
    assertThat(secret(sidecar(), "shop/ca/ca").getValidationContext().getTrustedCa())
        .hasToString("inline_string: \"4\"\n");
    assertThat(problems()).noneMatch(problem -> problem.contains("secret"));
  }

  @Test
  void aRenewedSecretChangesNothingElse() {
    watch(EDGE);
    watch(sidecar());
    tell(
        service("orders", 1),
        document(HTTPS),
        overTls("orders", "{caSecret: ca, sni: orders.internal}"),
        keyPair("cert", "1"),
        authorities("ca", "4"));

    tell(keyPair("cert", "2"));
    assertThat(last(EDGE).types().keySet()).containsExactly(ResourceType.SECRET);
    assertThat(last(EDGE).names(ResourceType.SECRET).changed()).containsExactly("shop/cert");

    SnapshotDiff before = last(EDGE);
    tell(authorities("ca", "5"));
    assertThat(last(sidecar()).types().keySet()).containsExactly(ResourceType.SECRET);
    assertThat(last(sidecar()).names(ResourceType.SECRET).changed()).containsExactly("shop/ca/ca");
    assertThat(before.names(ResourceType.SECRET).removed()).isEmpty();
  }

  @Test
  void aSecretThatNobodyNamesChangesNothing() {
    watch(EDGE);
    tell(document(HTTPS), keyPair("cert", "1"));
    var before = snapshot(EDGE);

    tell(keyPair("other", "2"));

    assertThat(snapshot(EDGE)).isEqualTo(before);
  }

  @Test
  void aSecretThatIsGoneIsTakenAwayAndTold() {
    watch(EDGE);
    tell(document(HTTPS), keyPair("cert", "1"));

    apply(gone("cert"));

    assertThat(last(EDGE).types().keySet()).containsExactly(ResourceType.SECRET);
    assertThat(last(EDGE).names(ResourceType.SECRET).removed()).containsExactly("shop/cert");
    assertThat(problems()).hasSize(1);
  }

  @Test
  void aMissingSecretOfAGatewayIsToldWhereItIsNamedUntilItIsThere() {
    watch(EDGE);
    tell(document(HTTPS));
    assertThat(snapshot(EDGE).resources(ResourceType.LISTENER)).hasSize(1);
    assertThat(problems())
        .containsExactly(
            "public.yaml:6:71 $.spec.listeners[0].tls.secret: warning: no source tells of secret"
                + " shop/cert, which has to have tls.crt and tls.key; until one does, what held"
                + " before stays, and where nothing did, its clients are refused");

    tell(authorities("cert", "1"));
    assertThat(secrets(EDGE)).isEmpty();
    assertThat(problems())
        .singleElement()
        .asString()
        .contains("warning: secret shop/cert has no tls.crt and tls.key; until");

    tell(keyPair("cert", "1"));
    assertThat(problems()).isEmpty();
    assertThat(last(EDGE).types().keySet()).containsExactly(ResourceType.SECRET);
  }

  @Test
  void aMissingSecretOfAPolicyIsToldWhereItIsNamedUntilItIsThere() {
    watch(sidecar());
    tell(
        service("orders", 1),
        overTls("orders", "{secret: caller, caSecret: ca, sni: orders.internal}"));
    assertThat(problems())
        .containsExactly(
            "orders.yaml:6:25 $.spec.upstreamTLS.secret: warning: no source tells of secret"
                + " shop/caller, which has to have tls.crt and tls.key; until one does, what held"
                + " before stays, and where nothing did, calls to the service fail",
            "orders.yaml:6:43 $.spec.upstreamTLS.caSecret: warning: no source tells of secret"
                + " shop/ca, which has to have ca.crt; until one does, what held before stays, and"
                + " where nothing did, calls to the service fail");

    tell(keyPair("ca", "1"), keyPair("caller", "2"));
    assertThat(secrets(sidecar())).containsExactly("shop/caller");
    assertThat(problems()).singleElement().asString().contains("secret shop/ca has no ca.crt");

    tell(authorities("ca", "1"));
    assertThat(secrets(sidecar())).containsExactly("shop/ca/ca", "shop/caller");
    assertThat(problems()).isEmpty();
  }

  @Test
  void aDocumentThatNamesNoSecretAnyMoreIsNotToldOfOne() {
    tell(document(HTTPS));
    assertThat(problems()).hasSize(1);
    tell(document(GATEWAY));
    assertThat(problems()).isEmpty();
  }

  @Test
  void secretsOfOtherNamespacesAreNotTheOnesThatAreNamed() {
    watch(EDGE);
    tell(
        document(HTTPS),
        new SourceEntry.OfSecret(
            new TlsSecret(
                new SecretId("cert", "edge"),
                Optional.of(new TlsSecret.KeyPair("1", "2", Instant.EPOCH, Instant.MAX)),
                Optional.empty())));

    assertThat(secrets(EDGE)).isEmpty();
    assertThat(problems()).hasSize(1);
  }

  @Test
  void aGroupThatComesLaterGetsItsSecrets() {
    tell(document(HTTPS), keyPair("cert", "1"));
    tell(keyPair("cert", "2"));

    watch(EDGE);

    assertThat(secret(EDGE, "shop/cert").getTlsCertificate().getCertificateChain())
        .hasToString("inline_string: \"2\"\n");
  }

  @Test
  void aGatewayThatNamesAnotherSecretIsGivenItInTheSameChange() {
    watch(EDGE);
    tell(document(HTTPS), keyPair("cert", "1"), keyPair("next", "2"));

    tell(document(HTTPS.replace("secret: cert", "secret: next")));

    assertThat(last(EDGE).names(ResourceType.SECRET).changed()).containsExactly("shop/next");
    assertThat(last(EDGE).names(ResourceType.LISTENER).changed()).hasSize(1);
    assertThat(secrets(EDGE))
        .as("the former one too, for a proxy that refuses the new listener")
        .containsExactly("shop/cert", "shop/next");
    tell(keyPair("cert", "3"));
    assertThat(last(EDGE).names(ResourceType.SECRET).changed()).containsExactly("shop/cert");
  }

  @Test
  void aListenerKeepsItsCertificateUntilTheOneThatItNamesComes() {
    watch(EDGE);
    tell(document(HTTPS), keyPair("cert", "1"));
    var before = snapshot(EDGE).resources(ResourceType.LISTENER);

    tell(document(HTTPS.replace("secret: cert", "secret: next")));
    assertThat(snapshot(EDGE).resources(ResourceType.LISTENER)).isEqualTo(before);
    assertThat(problems()).singleElement().asString().contains("what held before stays");

    tell(keyPair("next", "2"));
    assertThat(snapshot(EDGE).resources(ResourceType.LISTENER)).isNotEqualTo(before);
    assertThat(secrets(EDGE)).contains("shop/next");
    assertThat(problems()).isEmpty();
  }

  @Test
  void aServiceIsCalledAsItWasUntilTheSecretsComeByWhichItIsToBeCalled() {
    watch(sidecar());
    tell(service("orders", 1));
    var plain = snapshot(sidecar()).resources(ResourceType.CLUSTER);

    tell(overTls("orders", "{secret: caller, caSecret: ca, sni: orders.internal}"));
    tell(authorities("ca", "1"));
    assertThat(snapshot(sidecar()).resources(ResourceType.CLUSTER)).isEqualTo(plain);

    tell(keyPair("caller", "2"));
    assertThat(snapshot(sidecar()).resources(ResourceType.CLUSTER)).isNotEqualTo(plain);
    assertThat(secrets(sidecar())).containsExactly("shop/ca/ca", "shop/caller");
    assertThat(problems()).isEmpty();
  }

  @Test
  void aServiceThatIsNewWaitsForItsSecretsAndIsNotCalledInPlainText() {
    watch(sidecar());
    tell(service("orders", 1), overTls("orders", "{caSecret: ca, sni: orders.internal}"));

    var first = snapshot(sidecar()).resources(ResourceType.CLUSTER);
    assertThat(first.values())
        .anyMatch(cluster -> cluster.message().toString().contains("shop/ca/ca"));
    tell(authorities("ca", "1"));
    assertThat(snapshot(sidecar()).resources(ResourceType.CLUSTER)).isEqualTo(first);
  }

  @Test
  void whatIsNoLongerNamedStaysForThoseWhoRefuseWhatComesAfter() {
    watch(sidecar());
    tell(
        service("orders", 1),
        overTls("orders", "{caSecret: ca, sni: orders.internal}"),
        authorities("ca", "1"));
    assertThat(secrets(sidecar())).hasSize(1);

    apply(new SourceUpdate.Remove(new SourceEntry.OfDocumentKey(Shop.policyKey("orders"))));

    assertThat(secrets(sidecar())).containsExactly("shop/ca/ca");
    apply(gone("ca"));
    assertThat(secrets(sidecar())).isEmpty();
  }

  @Test
  void aServiceThatAGatewayCallsForItselfIsToldToBeCalledInPlainText() {
    watch(EDGE);
    SourceEntry calling = document(GATEWAY + "  authz: {grpc: {service: orders, port: 80}}\n");
    tell(service("orders", 1), calling, authorities("ca", "1"));
    assertThat(problems()).isEmpty();

    tell(overTls("orders", "{caSecret: ca, sni: orders.internal}"));

    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith("public.yaml:")
        .contains("is called in plain text: upstreamTLS of orders.shop holds for requests");
    assertThat(secrets(EDGE)).isEmpty();
  }

  @Test
  void whatIsPublishedOfASecretSaysNothingOfItsKey() {
    watch(EDGE);
    tell(document(HTTPS), keyPair("cert", "1"));

    assertThat(
            snapshot(EDGE).resource(ResourceType.SECRET, "shop/cert").orElseThrow().toString()
                + last(EDGE)
                + snapshot(EDGE)
                + image
                + image.secrets())
        .doesNotContain("key of 1");
  }
}
