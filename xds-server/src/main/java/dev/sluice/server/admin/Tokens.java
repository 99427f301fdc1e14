package dev.sluice.server.admin;

import dev.sluice.server.settings.AdminToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens of the admin API, read anew from their files once a second at most. What a file held
 * last stays in use while it cannot be read, or holds none. Any thread may ask.
 */
final class Tokens {
  private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
  private static final long LOOK = TimeUnit.SECONDS.toNanos(1);

  /** One, with a digest of its secret: all of the same length. */
  private static final class Known {
    final AdminToken token;
    byte[] digest;
    String told = "";

    Known(AdminToken token, byte[] digest) {
      this.token = token;
      this.digest = digest;
    }
  }

  private final LongSupplier nanoTime;
  private final List<Known> known = new ArrayList<>(); // Guarded by itself, with the next.
  private long seenAt;

  /**
   * Those given.
   *
   * @throws IOException when one cannot be read; the message says what to do
   */
  Tokens(List<AdminToken> tokens, LongSupplier nanoTime) throws IOException {
    this.nanoTime = nanoTime;
    this.seenAt = nanoTime.getAsLong();
    for (AdminToken token : tokens) {
      known.add(new Known(token, digest(token.secret().read())));
    }
  }

  /** Whether whoever can connect may ask. */
  boolean areNone() {
    synchronized (known) {
      return known.isEmpty();
    }
  }

  /** Whose secret this is. Takes as long for one that is nearly right as for any other. */
  Optional<Caller> caller(String secret) {
    byte[] digest = digest(secret);
    Optional<Caller> found = Optional.empty();
    synchronized (known) {
      look();
      for (Known one : known) {
        if (MessageDigest.isEqual(one.digest, digest)) {
          found = Optional.of(new Caller(Optional.of(one.token.name()), one.token.may()));
        }
      }
    }
    return found;
  }

  private void look() {
    long now = nanoTime.getAsLong();
    if (now - seenAt < LOOK) {
      return;
    }
    seenAt = now;
    for (Known one : known) {
      try {
        byte[] digest = digest(one.token.secret().read());
        if (!MessageDigest.isEqual(digest, one.digest)) {
          LOG.info("the token {} of the admin API has changed", one.token.name());
        }
        one.digest = digest;
        one.told = "";
      } catch (IOException e) {
        tell(one, String.valueOf(e.getMessage()));
      }
    }
  }

  private static void tell(Known one, String why) {
    if (!why.equals(one.told)) {
      one.told = why;
      LOG.error("the token {} of the admin API stays as it was: {}", one.token.name(), why);
    }
  }

  private static byte[] digest(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has no SHA-256", e);
    }
  }
}
