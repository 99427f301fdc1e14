package dev.sluice.server.consul;

import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a Consul agent or server is reached, and which part of what it knows is meant.
 *
 * @param address of its HTTP API, such as {@code http://127.0.0.1:8500}
 * @param token of its ACLs
 * @param tls how its certificate is checked and which one it is shown; only with https
 * @param datacenter empty for the agent's own
 * @param scope the namespace and partition of Consul Enterprise
 * @param consistency of reads
 */
public record ConsulAccess(
    URI address,
    Token token,
    Tls tls,
    Optional<String> datacenter,
    Scope scope,
    Consistency consistency) {
  public ConsulAccess {
    Objects.requireNonNull(address);
    Objects.requireNonNull(token);
    Objects.requireNonNull(tls);
    Objects.requireNonNull(datacenter);
    Objects.requireNonNull(scope);
    Objects.requireNonNull(consistency);
  }

  /** All of what an agent without ACLs knows of its own data centre. */
  public static ConsulAccess of(URI address) {
    return new ConsulAccess(
        address, new Token.None(), Tls.USUAL, Optional.empty(), Scope.ALL, Consistency.DEFAULT);
  }

  /** What Consul's ACLs know us by. */
  public sealed interface Token {
    /** The anonymous token. */
    record None() implements Token {}

    /** One that is given as it is. */
    record Given(String secret) implements Token {
      public Given {
        Objects.requireNonNull(secret);
      }

      /** Without the secret. */
      @Override
      public String toString() {
        return "Given";
      }
    }

    /** One that is read from a file, and again when that changes. */
    record InFile(Path file) implements Token {
      public InFile {
        Objects.requireNonNull(file);
      }
    }
  }

  /**
   * Files in PEM; they are read again when they change.
   *
   * @param ca who may have signed Consul's certificate; null for those that the JVM trusts
   * @param cert the certificate that Consul is shown; null for none
   * @param key its key; null with {@code cert}
   */
  public record Tls(@Nullable Path ca, @Nullable Path cert, @Nullable Path key) {
    /** The JVM's trust, and no certificate of our own. */
    public static final Tls USUAL = new Tls(null, null, null);

    public Tls {
      if ((cert == null) != (key == null)) {
        throw new IllegalArgumentException("a certificate and its key belong together");
      }
    }
  }

  /**
   * A part of a Consul Enterprise.
   *
   * @param namespace empty for the token's own, or where there are none
   * @param partition empty for the agent's own, or where there are none
   */
  public record Scope(Optional<String> namespace, Optional<String> partition) {
    /** The default of both. */
    public static final Scope ALL = new Scope(Optional.empty(), Optional.empty());

    public Scope {
      Objects.requireNonNull(namespace);
      Objects.requireNonNull(partition);
    }
  }

  /** Consul's consistency modes of reads. */
  public enum Consistency {
    /** By the leader, which may for a moment not know that it is none any more. */
    DEFAULT,
    /** By the leader, which asks the others first. */
    CONSISTENT,
    /** By any server, also while there is no leader; some milliseconds old. */
    STALE
  }
}
