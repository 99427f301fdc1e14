package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.consul.Addresses;
import dev.sluice.server.consul.ConsulAccess;
import dev.sluice.server.consul.ConsulClient;
import dev.sluice.server.source.RecordingSink;
import dev.sluice.server.source.consul.ConsulSource;
import dev.sluice.server.source.consul.ConsulSource.Options;
import dev.sluice.server.source.consul.ConsulSource.WantedServices;
import dev.sluice.source.SourceStatus;
import dev.sluice.source.SourceStatus.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A Consul source, and what it has told so far. */
final class WatchedConsul implements AutoCloseable {
  /** Where documents are. */
  static final String POLICIES = "sluice/";

  private static final String NAMESPACE = "default";

  private final RecordingSink sink = new RecordingSink();
  private final ConsulSource source;

  private WatchedConsul(ConsulAccess access, Options options) {
    try {
      source =
          new ConsulSource("north", new ConsulClient(access), DocumentParser.reader(), options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Watches a Consul, and waits until everything was told once. */
  static WatchedConsul synced(String address, Duration holdEmpty) {
    WatchedConsul watched = begin(ConsulAccess.of(URI.create(address)), options(holdEmpty));
    try {
      watched.awaitState(State.SYNCED);
      return watched;
    } catch (RuntimeException | Error e) {
      watched.close();
      throw e;
    }
  }

  /** Begins to watch a Consul. */
  static WatchedConsul begin(ConsulAccess access, Options options) {
    WatchedConsul watched = new WatchedConsul(access, options);
    watched.source.start(watched.sink);
    return watched;
  }

  /** All services and documents, over as many connections as services need. */
  static Options options(Duration holdEmpty) {
    return options(holdEmpty, 100, Leadership.NEEDED);
  }

  /** Whether what is read without a leader counts as current. */
  enum Leadership {
    NEEDED,
    NOT_NEEDED
  }

  /** All services and documents. */
  static Options options(Duration holdEmpty, int connections, Leadership leadership) {
    return new Options(
        NAMESPACE,
        80,
        new WantedServices(List.of(), List.of()),
        Addresses.USUAL,
        Optional.of(POLICIES),
        holdEmpty,
        connections,
        leadership == Leadership.NEEDED);
  }

  /** What was told, folded. */
  Catalog catalog() {
    return sink.image().catalog();
  }

  /** How many services were told. */
  int services() {
    return catalog().services().size();
  }

  /** The names of all documents that were told. */
  String documents() {
    return sink.image().documents().toString();
  }

  /** The addresses to which a service's traffic may go; empty where the service is not known. */
  Set<String> healthy(String service) {
    Set<String> addresses = new TreeSet<>();
    endpoints(service).stream()
        .filter(endpoint -> endpoint.health() == Health.HEALTHY)
        .forEach(endpoint -> addresses.add(endpoint.address()));
    return addresses;
  }

  private List<Endpoint> endpoints(String service) {
    return catalog()
        .service(new ServiceId(service, NAMESPACE))
        .map(Service::endpoints)
        .orElse(List.of());
  }

  /** Waits until a service's traffic may go to just these. */
  void awaitHealthy(String service, String... addresses) {
    await()
        .pollInterval(Duration.ofMillis(10))
        .untilAsserted(() -> assertThat(healthy(service)).containsExactlyInAnyOrder(addresses));
  }

  /** The healthy instances of a service at each update so far that has the service. */
  List<Set<String>> history(String service) {
    return sink.images().stream()
        .map(
            image ->
                image
                    .catalog()
                    .service(new ServiceId(service, NAMESPACE))
                    .map(Service::endpoints)
                    .orElse(List.of())
                    .stream()
                    .filter(endpoint -> endpoint.health() == Health.HEALTHY)
                    .map(Endpoint::address)
                    .collect(Collectors.toSet()))
        .distinct()
        .toList();
  }

  /** Whether it has told all it knew. */
  boolean isSynced() {
    return sink.isSynced();
  }

  /** The state as it was told last; empty before the first. */
  Optional<State> state() {
    return Optional.ofNullable(sink.status()).map(SourceStatus::state);
  }

  /** Why it is not current; empty where it is. */
  String message() {
    SourceStatus status = sink.status();
    String message = status == null ? null : status.message();
    return message == null ? "" : message;
  }

  /** All states so far, one after the other. */
  List<State> states() {
    return sink.statuses().stream().map(SourceStatus::state).toList();
  }

  /** What is wrong, as the user reads it. */
  List<String> problems() {
    return sink.problems();
  }

  /** Waits until the source is in a state. */
  void awaitState(State state) {
    await()
        .pollInterval(Duration.ofMillis(10))
        .untilAsserted(() -> assertThat(state()).as("%s", message()).contains(state));
  }

  /** Waits until the source is not current, for a reason with these words. */
  void awaitStale(String... words) {
    await()
        .pollInterval(Duration.ofMillis(10))
        .untilAsserted(
            () -> {
              assertThat(state()).contains(State.STALE);
              assertThat(message()).contains(words);
            });
  }

  /** Waits until one of the problems has these words. */
  void awaitProblem(String... words) {
    await()
        .pollInterval(Duration.ofMillis(10))
        .untilAsserted(
            () -> assertThat(problems()).anySatisfy(one -> assertThat(one).contains(words)));
  }

  @Override
  public void close() {
    source.close();
  }
}
