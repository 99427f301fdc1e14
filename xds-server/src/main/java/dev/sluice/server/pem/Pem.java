package dev.sluice.server.pem;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.ProviderException;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/** Reads certificates and private keys (RFC 7468), also keys as openssl wrote them before. */
public final class Pem {
  private static final JcaX509CertificateConverter CERTIFICATES = new JcaX509CertificateConverter();

  /** RFC 7468, section 2: lines of 64 characters. */
  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private Pem() {}

  /**
   * The certificates of a text, in order.
   *
   * @throws PemException when there is none, or one of them cannot be read
   */
  public static List<X509Certificate> certificates(String text) throws PemException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Object object : objects(text)) {
      if (object instanceof X509CertificateHolder holder) {
        try {
          certificates.add(CERTIFICATES.getCertificate(holder));
        } catch (CertificateException | RuntimeException e) {
          throw new PemException("a certificate cannot be read: " + e.getMessage());
        }
      }
    }
    if (certificates.isEmpty()) {
      throw new PemException("it has no line -----BEGIN CERTIFICATE-----; write PEM");
    }
    return certificates;
  }

  /**
   * The first private key of a text: PKCS #8, PKCS #1 or SEC 1.
   *
   * @throws PemException when there is none, or it is encrypted or cannot be read
   */
  public static PrivateKey key(String text) throws PemException {
    for (Object object : objects(text)) {
      switch (object) {
        case PEMKeyPair pair -> {
          return key(pair.getPrivateKeyInfo());
        }
        case PrivateKeyInfo key -> {
          return key(key);
        }
        case PEMEncryptedKeyPair _, PKCS8EncryptedPrivateKeyInfo _ ->
            throw new PemException(
                "its key is encrypted; decrypt it with: openssl pkey -in OLD -out NEW");
        default -> {} // Parameters of a curve may stand before the key.
      }
    }
    throw new PemException("it has no line -----BEGIN PRIVATE KEY-----; write PEM");
  }

  /** The certificates as PEM, and nothing else of the text that they were read from. */
  public static String text(List<X509Certificate> certificates) {
    StringBuilder text = new StringBuilder();
    for (X509Certificate certificate : certificates) {
      try {
        text.append(text("CERTIFICATE", certificate.getEncoded()));
      } catch (CertificateEncodingException e) {
        throw new IllegalArgumentException("not a certificate that was read", e);
      }
    }
    return text.toString();
  }

  /** The key as PEM, PKCS #8 whatever it was. */
  public static String text(PrivateKey key) {
    return text("PRIVATE KEY", key.getEncoded());
  }

  private static String text(String label, byte[] encoded) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(label, LINES.encodeToString(encoded));
  }

  /** Whether {@code key} is the private key of {@code certificate}. */
  public static boolean fits(PrivateKey key, X509Certificate certificate) {
    byte[] text = "sluice".getBytes(StandardCharsets.US_ASCII);
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(text);
      return signature.verify(signed);
    } catch (GeneralSecurityException | ProviderException e) {
      return false; // Another algorithm, or a key that cannot sign.
    }
  }

  private static PrivateKey key(PrivateKeyInfo key) throws PemException {
    try {
      return new JcaPEMKeyConverter().getPrivateKey(key);
    } catch (IOException | RuntimeException e) {
      throw new PemException("its key cannot be read: " + e.getMessage());
    }
  }

  private static List<Object> objects(String text) throws PemException {
    List<Object> objects = new ArrayList<>();
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
        objects.add(next);
      }
      return objects;
    } catch (PEMException | RuntimeException e) {
      // The parser stumbles over what it finds, and its words are about itself.
      throw new PemException("it is damaged between its lines -----BEGIN and -----END");
    } catch (IOException e) {
      throw new PemException("it is damaged: " + e.getMessage());
    }
  }
}
