package dev.sluice.server.source;

import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.secret.SecretId;
import dev.sluice.secret.TlsSecret;
import dev.sluice.secret.TlsSecret.KeyPair;
import dev.sluice.server.source.SecretTexts.UnusableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** From when to when certificates hold, and what follows. */
public final class CertificateLife {
  /** From when on its end is told; of a shorter life, in its last quarter. */
  private static final Duration NOTICE = Duration.ofDays(14);

  private static final int OF_LIFE = 4;

  private CertificateLife() {}

  /**
   * The secret that is used from now on.
   *
   * @param texts as they stand
   * @param told what was used before
   * @throws UnusableException when Envoy would refuse it, or it has a certificate that does not
   *     hold now in the place of one that does
   */
  public static TlsSecret next(
      SecretId id, SecretTexts texts, Optional<TlsSecret> told, Instant now)
      throws UnusableException {
    if (texts.isEmpty()) {
      throw new UnusableException("holds none of tls.crt, tls.key and ca.crt");
    }
    TlsSecret secret = texts.secret(id);
    String outdated = secret.keyPair().map(pair -> notNow(pair, now)).orElse("");
    boolean better =
        told.flatMap(TlsSecret::keyPair).map(pair -> notNow(pair, now)).orElse("none").isEmpty();
    if (!outdated.isEmpty() && better) {
      throw new UnusableException("has a certificate that " + outdated);
    }
    return secret;
  }

  /**
   * What whoever renews the certificate should know: that it ends soon, or does not hold.
   *
   * @param place of the secret
   */
  public static Optional<Problem> problem(Location place, TlsSecret secret, Instant now) {
    return secret
        .keyPair()
        .flatMap(
            pair -> {
              String outdated = notNow(pair, now);
              if (!outdated.isEmpty()) {
                return Optional.of(outdated + ", so clients refuse it; renew it");
              }
              return now.plus(notice(pair)).isAfter(pair.expires())
                  ? Optional.of("expires at " + pair.expires() + "; renew it")
                  : Optional.empty();
            })
        .map(what -> Problem.warning(place, "$", "the certificate in tls.crt " + what));
  }

  /** Why the certificate does not hold now; empty when it does. */
  private static String notNow(KeyPair pair, Instant now) {
    if (now.isBefore(pair.issued())) {
      return "is not valid before " + pair.issued();
    }
    return now.isAfter(pair.expires()) ? "expired at " + pair.expires() : "";
  }

  private static Duration notice(KeyPair pair) {
    Duration part = Duration.between(pair.issued(), pair.expires()).dividedBy(OF_LIFE);
    return part.compareTo(NOTICE) < 0 ? part : NOTICE;
  }
}
