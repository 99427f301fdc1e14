package dev.sluice.server.source;

import dev.sluice.secret.SecretId;
import dev.sluice.secret.TlsSecret;
import dev.sluice.secret.TlsSecret.KeyPair;
import dev.sluice.server.pem.Pem;
import dev.sluice.server.pem.PemException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.EllipticCurve;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a source holds of one secret, as it stands.
 *
 * @param chain {@code tls.crt}; empty where there is none
 * @param key {@code tls.key}
 * @param authorities {@code ca.crt}
 */
public record SecretTexts(
    Optional<String> chain, Optional<String> key, Optional<String> authorities) {
  /** The certificate, and those between it and its root. */
  public static final String CHAIN = "tls.crt";

  /** The certificate's private key. */
  public static final String KEY = "tls.key";

  /** The certificates of authorities. */
  public static final String AUTHORITIES = "ca.crt";

  /** What Envoy takes of each (it refuses shorter RSA keys and other curves). */
  private static final int SHORTEST_RSA = 2048;

  private static final String EDWARDS = "Ed25519";

  /** The extension by which a certificate asks for must-staple. */
  private static final String TLS_FEATURE = "1.3.6.1.5.5.7.1.24";

  private static final List<EllipticCurve> CURVES =
      Stream.of("secp256r1", "secp384r1", "secp521r1").map(SecretTexts::curve).toList();

  /** Why no secret can be made of the texts; the message names the text and says what to do. */
  public static final class UnusableException extends Exception {
    private static final long serialVersionUID = 1;

    /** An exception with that message. */
    public UnusableException(String message) {
      super(message);
    }
  }

  public SecretTexts {
    Objects.requireNonNull(chain);
    Objects.requireNonNull(key);
    Objects.requireNonNull(authorities);
  }

  /** Whether there is none of them. */
  public boolean isEmpty() {
    return chain.isEmpty() && key.isEmpty() && authorities.isEmpty();
  }

  /**
   * The secret that the texts hold. Of what else stands in them nothing gets into it: a key beside
   * the certificates of {@code tls.crt} would be shown with them.
   *
   * @throws UnusableException when Envoy would refuse it
   */
  public TlsSecret secret(SecretId id) throws UnusableException {
    Optional<KeyPair> keyPair = Optional.empty();
    if (chain.isPresent() && key.isPresent()) {
      keyPair = Optional.of(keyPair(chain.get(), key.get()));
    } else if (chain.isPresent() || key.isPresent()) {
      String there = chain.isPresent() ? CHAIN : KEY;
      String missing = chain.isPresent() ? KEY : CHAIN;
      throw new UnusableException(there + " is there without " + missing + "; add it");
    }
    Optional<String> judges = Optional.empty();
    if (authorities.isPresent()) {
      judges = Optional.of(Pem.text(certificates(AUTHORITIES, authorities.get())));
    }
    return new TlsSecret(id, keyPair, judges);
  }

  /** Which of them are there, and nothing of the contents. */
  @Override
  public String toString() {
    return "%s %s, %s %s, %s %s"
        .formatted(
            CHAIN, chain.isPresent(), KEY, key.isPresent(), AUTHORITIES, authorities.isPresent());
  }

  private static KeyPair keyPair(String chain, String text) throws UnusableException {
    List<X509Certificate> certificates = certificates(CHAIN, chain);
    X509Certificate certificate = certificates.getFirst();
    PrivateKey key;
    try {
      key = Pem.key(text);
    } catch (PemException e) {
      throw new UnusableException(KEY + " cannot be used: " + e.getMessage());
    }
    String wrong = wrongKind(key);
    if (!wrong.isEmpty()) {
      throw new UnusableException(KEY + " " + wrong);
    }
    wrong = wrongUse(certificate);
    if (!wrong.isEmpty()) {
      throw new UnusableException("the first certificate in " + CHAIN + " " + wrong);
    }
    if (!Pem.fits(key, certificate)) {
      throw new UnusableException(
          KEY + " is not the private key of the first certificate in " + CHAIN);
    }
    return new KeyPair(
        Pem.text(certificates),
        Pem.text(key),
        certificate.getNotBefore().toInstant(),
        certificate.getNotAfter().toInstant());
  }

  private static String wrongKind(PrivateKey key) {
    return switch (key) {
      case RSAKey rsa when rsa.getModulus().bitLength() < SHORTEST_RSA ->
          "is an RSA key of %d bits, and Envoy takes none below %d; make a longer one"
              .formatted(rsa.getModulus().bitLength(), SHORTEST_RSA);
      case RSAKey _ -> "";
      case ECKey ec when CURVES.contains(ec.getParams().getCurve()) -> "";
      case ECKey ec -> notTaken("EC on " + ec.getParams());
      case EdECKey edwards when edwards.getParams().getName().equals(EDWARDS) -> "";
      default -> notTaken(key.getAlgorithm());
    };
  }

  /** What Envoy does not take of a certificate whose key it would. */
  private static String wrongUse(X509Certificate certificate) {
    if (certificate.getExtensionValue(TLS_FEATURE) != null) {
      return "wants its status stapled (RFC 7633), and no response to staple can be given; have one"
          + " issued without must-staple";
    }
    boolean[] usage = certificate.getKeyUsage();
    boolean signs = usage == null || usage[0];
    return signs || certificate.getPublicKey() instanceof RSAKey
        ? ""
        : "may not be used to sign (keyUsage without digitalSignature), which its kind of key is"
            + " for; have one issued with it";
  }

  private static String notTaken(String kind) {
    return "is a key of a kind that Envoy does not take (%s); make an RSA key, or one of P-256, P-384, P-521 or Ed25519"
        .formatted(kind);
  }

  private static EllipticCurve curve(String name) {
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec(name));
      return parameters.getParameterSpec(ECParameterSpec.class).getCurve();
    } catch (GeneralSecurityException e) {
      throw new LinkageError("the JDK has no curve " + name, e);
    }
  }

  private static List<X509Certificate> certificates(String file, String text)
      throws UnusableException {
    try {
      return Pem.certificates(text);
    } catch (PemException e) {
      throw new UnusableException(file + " cannot be used: " + e.getMessage());
    }
  }
}
