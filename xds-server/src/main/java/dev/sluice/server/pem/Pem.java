package dev.sluice.server.pem;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/** Reads certificates and private keys (RFC 7468), also keys as openssl wrote them before. */
public final class Pem {
  private static final JcaX509CertificateConverter CERTIFICATES = new JcaX509CertificateConverter();

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
        } catch (CertificateException e) {
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
    } catch (GeneralSecurityException e) {
      return false; // Another algorithm, or a key that cannot sign.
    }
  }

  private static PrivateKey key(PrivateKeyInfo key) throws PemException {
    try {
      return new JcaPEMKeyConverter().getPrivateKey(key);
    } catch (IOException e) {
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
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      // The parser tells of some damage by its own kinds of these.
      throw new PemException("it is damaged: " + e.getMessage());
    }
  }
}
