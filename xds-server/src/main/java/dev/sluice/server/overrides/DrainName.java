package dev.sluice.server.overrides;

import dev.sluice.catalog.ServiceId;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.InstanceOverride.Match;
import dev.sluice.spec.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What {@code sluice drain} calls a document: the same for the same instance, on every replica, so
 * that a second drain changes the first. It tells people which instance it is, and its last part
 * tells programs.
 */
final class DrainName {
  private static final int LONGEST = 63;
  private static final int HASH_BYTES = 4;

  /** How all of them begin. */
  static final String BEGIN = "drain-";

  private DrainName() {}

  static DocumentKey of(ServiceId service, Match match) {
    String instance =
        match.pod() != null
            ? match.pod()
            : match.address() != null ? match.address() : match.labels().toString();
    String hash = hash(service + "\n" + (match.pod() != null ? "pod " : "") + instance);
    int room = LONGEST - BEGIN.length() - hash.length() - 1;
    String words = slug(service.name() + "-" + instance);
    String shown = words.length() > room ? words.substring(0, room) : words;
    return new DocumentKey(
        Kind.INSTANCE_OVERRIDE,
        service.namespace(),
        BEGIN + shown.replaceAll("-+$", "") + "-" + hash);
  }

  private static String slug(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
  }

  /** Few characters that tell a text from others. */
  static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
