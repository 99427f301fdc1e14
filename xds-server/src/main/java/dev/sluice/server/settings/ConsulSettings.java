package dev.sluice.server.settings;

import dev.sluice.server.consul.Addresses;
import dev.sluice.server.consul.ConsulAccess;
import dev.sluice.server.consul.StatusNames;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A Consul data centre that is watched.
 *
 * @param name how it is called; unique
 * @param access how it is reached
 * @param namespace in which Sluice knows its services
 * @param port that callers dial where an instance's metadata do not say so, 1 to 65535
 * @param services names, or beginnings with a {@code *}; none for all
 * @param tags of which a service has to have one; none for any
 * @param watched whether all of these are watched
 * @param addresses which of an instance's addresses counts
 * @param policies what the keys begin with whose values are documents; empty for none
 * @param statuses where it is written what became of them; empty for nowhere
 * @param holdEmpty how long instances stay that are doubtful; zero not to
 * @param connections how many services may be asked about at the same time, at least 1
 */
public record ConsulSettings(
    String name,
    ConsulAccess access,
    String namespace,
    int port,
    List<String> services,
    List<String> tags,
    Watched watched,
    Addresses addresses,
    Optional<String> policies,
    Optional<StatusNames> statuses,
    Duration holdEmpty,
    int connections) {
  /** How a data centre is called that has no name. */
  public static final String DEFAULT_NAME = "consul";

  /** Where an agent listens that is not told otherwise. */
  public static final URI DEFAULT_ADDRESS = URI.create("http://127.0.0.1:8500");

  /** Where services are that are not told otherwise. */
  public static final String DEFAULT_NAMESPACE = "default";

  /** What is dialled unless told otherwise. */
  public static final int DEFAULT_PORT = 80;

  /** How long instances stay unless told otherwise. */
  public static final Duration DEFAULT_HOLD_EMPTY = Duration.ofSeconds(60);

  /**
   * With those that are no service's less than half of what Consul takes from one address
   * (limits.http_max_conns_per_client, 200): one that was given up may count there for a while.
   */
  public static final int DEFAULT_CONNECTIONS = 90;

  public ConsulSettings {
    Objects.requireNonNull(name);
    Objects.requireNonNull(access);
    Objects.requireNonNull(namespace);
    services = List.copyOf(services);
    tags = List.copyOf(tags);
    Objects.requireNonNull(watched);
    Objects.requireNonNull(addresses);
    Objects.requireNonNull(policies);
    Objects.requireNonNull(statuses);
    Objects.requireNonNull(holdEmpty);
  }

  /** All services that are registered at an agent, in a namespace, and no documents. */
  public static ConsulSettings of(String name, URI address, String namespace) {
    return new ConsulSettings(
        name,
        ConsulAccess.of(address),
        namespace,
        DEFAULT_PORT,
        List.of(),
        List.of(),
        Watched.ALL,
        Addresses.USUAL,
        Optional.empty(),
        Optional.empty(),
        DEFAULT_HOLD_EMPTY,
        DEFAULT_CONNECTIONS);
  }

  /** These, reached in another way. */
  public ConsulSettings reachedBy(ConsulAccess other) {
    return new ConsulSettings(
        name,
        other,
        namespace,
        port,
        services,
        tags,
        watched,
        addresses,
        policies,
        statuses,
        holdEmpty,
        connections);
  }

  /** These, of whose services only those are watched that somebody wants. */
  public ConsulSettings whereWanted() {
    return new ConsulSettings(
        name,
        access,
        namespace,
        port,
        services,
        tags,
        Watched.WANTED,
        addresses,
        policies,
        statuses,
        holdEmpty,
        connections);
  }

  /** Of the services that are chosen by name and tag. */
  public enum Watched {
    /** Each. */
    ALL,
    /** Those that a document names or a proxy depends on. */
    WANTED
  }
}
