package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.EdECKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is read as a secret is what the real Envoy takes: each thing that the source of secrets
 * guards against is refused when it is not guarded against, and what it lets through is taken.
 */
@NeedsEnvoy
class RefusedCertificatesTest {
  private static final Path GUARD =
      EnvoyProcess.repository()
          .resolve(
              "xds-server/src/test/java/dev/sluice/server/source/secret/UsableSecretsTest.java");

  /**
   * A certificate and a key that Envoy is given.
   *
   * @param words what it says; empty when it takes them
   */
  record Given(String name, String chain, String key, String words) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Given> refused() {
    KeyPair good = pair("EC", "secp256r1");
    KeyPair other = pair("EC", "secp256r1");
    KeyPair shortRsa = rsa(1024);
    KeyPair edwards = pair("Ed448", "");
    return Stream.of(
        new Given("not-a-certificate", "nothing\n", pem(good.getPrivate()), "Failed to load"),
        new Given("not-a-key", certificate(good), "nothing\n", "Failed to load private key"),
        new Given(
            "key-of-another",
            certificate(good),
            pem(other.getPrivate()),
            "Failed to load private key"),
        new Given(
            "short-rsa-key",
            certificate(shortRsa),
            pem(shortRsa.getPrivate()),
            "only RSA certificates with 2048-bit or larger keys are supported"),
        new Given(
            "ed448-key",
            certificate(edwards),
            pem(edwards.getPrivate()),
            "Failed to load certificate chain"),
        new Given(
            "must-staple",
            certificate(
                good,
                new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.24"),
                new DERSequence(new ASN1Integer(5))),
            pem(good.getPrivate()),
            "OCSP response is required for must-staple certificate"),
        new Given(
            "key-that-may-not-sign",
            certificate(good, Extension.keyUsage, new KeyUsage(KeyUsage.keyAgreement)),
            pem(good.getPrivate()),
            "Failed to load certificate chain"));
  }

  static Stream<Given> taken() {
    return Stream.of(
            pair("EC", "secp256r1"),
            pair("EC", "secp384r1"),
            pair("EC", "secp521r1"),
            pair("Ed25519", ""),
            rsa(2048))
        .map(
            pair ->
                new Given(
                    pair.getPublic().getAlgorithm(),
                    certificate(pair),
                    pem(pair.getPrivate()),
                    ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void withoutItsGuardEnvoyRefusesIt(Given given) throws IOException {
    assertThat(EnvoyProcess.validate("refused-" + given.name, bootstrap(given)))
        .hasValueSatisfying(said -> assertThat(said).contains(given.words));
    assertThat(GUARD).content().contains("void whatEnvoyWouldRefuseIsNotTold()");
  }

  @ParameterizedTest
  @MethodSource("taken")
  void envoyTakesTheKindsOfKeysThatAreLetThrough(Given given) throws IOException {
    assertThat(EnvoyProcess.validate("taken-certificate", bootstrap(given))).isEmpty();
  }

  /** {@code gateway-tls} in the goldens has one chain for each name, and the rule is its test's. */
  @Test
  void twoChainsOfOneServerNameAreRefused() throws IOException {
    String bootstrap =
        """
        static_resources:
          listeners:
            - name: a
              address: {socket_address: {address: 127.0.0.1, port_value: 0}}
              listener_filters:
                - name: tls
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector
              filter_chains:
                - {name: one, filter_chain_match: {server_names: [a.example.com]}}
                - {name: two, filter_chain_match: {server_names: [a.example.com]}}
        """;

    assertThat(EnvoyProcess.validate("refused-same-chains", bootstrap))
        .hasValueSatisfying(
            said -> assertThat(said).contains("has the same matching rules defined as"));
    assertThat(
            EnvoyProcess.repository()
                .resolve("traffic-policy/src/test/resources/problems/gateway-tls.txt"))
        .content()
        .contains("is already listener");
  }

  private static String bootstrap(Given given) {
    return """
    static_resources:
      listeners:
        - name: a
          address: {socket_address: {address: 127.0.0.1, port_value: 0}}
          filter_chains:
            - transport_socket:
                name: tls
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                  common_tls_context:
                    tls_certificates:
                      - certificate_chain: {inline_string: %s}
                        private_key: {inline_string: %s}
    """
        .formatted(quoted(given.chain), quoted(given.key));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\r", "").replace("\n", "\\n") + '"';
  }

  private static KeyPair rsa(int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair pair(String algorithm, String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (!curve.isEmpty()) {
        generator.initialize(new ECGenParameterSpec(curve));
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String certificate(KeyPair pair) {
    return certificate(pair, builder(pair));
  }

  private static String certificate(
      KeyPair pair, ASN1ObjectIdentifier extension, ASN1Encodable value) {
    try {
      return certificate(pair, builder(pair).addExtension(extension, false, value));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static X509v3CertificateBuilder builder(KeyPair pair) {
    X500Principal name = new X500Principal("CN=only in tests");
    Instant now = Instant.now();
    return new JcaX509v3CertificateBuilder(
        name,
        BigInteger.ONE,
        Date.from(now.minus(Duration.ofHours(1))),
        Date.from(now.plus(Duration.ofDays(1))),
        name,
        pair.getPublic());
  }

  private static String certificate(KeyPair pair, X509v3CertificateBuilder builder) {
    String algorithm =
        switch (pair.getPrivate().getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> curve(pair);
        };
    try {
      return pem(builder.build(new JcaContentSignerBuilder(algorithm).build(pair.getPrivate())));
    } catch (OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String curve(KeyPair pair) {
    return ((EdECKey) pair.getPrivate()).getParams().getName();
  }

  private static String pem(PrivateKey key) {
    try {
      return pem(new JcaPKCS8Generator(key, null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String pem(Object object) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
