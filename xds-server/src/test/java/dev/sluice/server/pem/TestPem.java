package dev.sluice.server.pem;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** Keys and the certificates that they sign for themselves, as PEM. */
public final class TestPem {
  private static final AtomicLong SERIAL = new AtomicLong(1);

  private TestPem() {}

  /** A new key on P-256. */
  public static KeyPair ec() {
    return ec("secp256r1");
  }

  /** A new key on that curve. */
  public static KeyPair ec(String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(curve, e);
    }
  }

  /** A new RSA key of that many bits. */
  public static KeyPair rsa(int bits) {
    KeyPairGenerator generator = generator("RSA");
    generator.initialize(bits);
    return generator.generateKeyPair();
  }

  /** A new key of that algorithm, of its usual length. */
  public static KeyPair of(String algorithm) {
    return generator(algorithm).generateKeyPair();
  }

  private static KeyPairGenerator generator(String algorithm) {
    try {
      return KeyPairGenerator.getInstance(algorithm);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(algorithm, e);
    }
  }

  /** A certificate of the key that ends then, ninety days after its begin. */
  public static X509Certificate certificate(KeyPair key, Instant expires) {
    return certificate(key, expires.minus(Duration.ofDays(90)), expires);
  }

  /** A certificate of the key that holds from then on until then. */
  public static X509Certificate certificate(KeyPair key, Instant issued, Instant expires) {
    return certificate(key, builder(key, issued, expires));
  }

  /** A certificate of the key with an extension. */
  public static X509Certificate certificate(
      KeyPair key, ASN1ObjectIdentifier extension, ASN1Encodable value) {
    Instant now = Instant.now();
    JcaX509v3CertificateBuilder builder = builder(key, now, now.plus(Duration.ofDays(90)));
    try {
      builder.addExtension(extension, false, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return certificate(key, builder);
  }

  private static JcaX509v3CertificateBuilder builder(KeyPair key, Instant issued, Instant expires) {
    X500Principal name = new X500Principal("CN=test " + SERIAL.get());
    return new JcaX509v3CertificateBuilder(
        name,
        BigInteger.valueOf(SERIAL.getAndIncrement()),
        Date.from(issued),
        Date.from(expires),
        name,
        key.getPublic());
  }

  private static X509Certificate certificate(KeyPair key, JcaX509v3CertificateBuilder builder) {
    String signature =
        switch (key.getPrivate().getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          case "EdDSA" -> ((EdECKey) key.getPrivate()).getParams().getName();
          default -> key.getPrivate().getAlgorithm();
        };
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(new JcaContentSignerBuilder(signature).build(key.getPrivate())));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalArgumentException(signature, e);
    }
  }

  /** PEM of certificates, RSA keys (PKCS #1) or PEM objects, one after the other. */
  public static String pem(Object... objects) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      for (Object object : objects) {
        writer.writeObject(object);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** PEM of the private key, SEC 1 as openssl writes it: with its curve. */
  public static String sec1(ECPrivateKey key, ASN1ObjectIdentifier curve) {
    int bits = key.getParams().getCurve().getField().getFieldSize();
    var sec1 = new org.bouncycastle.asn1.sec.ECPrivateKey(bits, key.getS(), curve);
    try {
      return pem(new PemObject("EC PRIVATE KEY", sec1.getEncoded()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** PEM of the private key on P-256, SEC 1. */
  public static String sec1(KeyPair key) {
    return sec1((ECPrivateKey) key.getPrivate(), SECObjectIdentifiers.secp256r1);
  }

  /** PEM of the private key, PKCS #8. */
  public static String pkcs8(KeyPair key) {
    try {
      return pem(new JcaPKCS8Generator(key.getPrivate(), null).generate());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
