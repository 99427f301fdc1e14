package dev.sluice.server.source.consul;

import dev.sluice.catalog.ServiceId;
import dev.sluice.server.consul.ConsulAnswer;
import dev.sluice.server.consul.ConsulClient;
import dev.sluice.server.consul.ConsulException;
import dev.sluice.server.demand.Wants;
import dev.sluice.server.source.consul.Arrivals.Arrival;
import dev.sluice.server.source.consul.ConsulSource.Options;
import dev.sluice.server.source.consul.Subject.Keys;
import dev.sluice.server.source.consul.Subject.Leader;
import dev.sluice.server.source.consul.Subject.Names;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One go at watching a data centre: what is asked, and what the answers amount to. After an
 * unexpected failure another one begins with nothing. Of the source's thread.
 */
final class Watching {
  private static final Logger LOG = LoggerFactory.getLogger(ConsulSource.class);

  private final ConsulClient client;
  private final Options options;
  private final ConsulFacts facts;
  private final Queries queries;
  private boolean named;
  private boolean lost;

  Watching(ConsulClient client, Arrivals arrivals, Options options, ConsulFacts facts, long now) {
    this.client = client;
    this.options = options;
    this.facts = facts;
    this.queries = new Queries(client, arrivals, options.connections(), new SplittableRandom());
    queries.want(facts.subjects(), now);
  }

  ConsulFacts facts() {
    return facts;
  }

  Queries queries() {
    return queries;
  }

  /** Whether everything was read once, so that what is not known is not there. */
  boolean isComplete() {
    return named && queries.areAnswered();
  }

  /** The services that are there and were not read yet. */
  Set<ServiceId> unread() {
    return queries.areAnswered()
        ? Set.of()
        : queries.unanswered().stream()
            .map(name -> new ServiceId(name, options.namespace()))
            .collect(Collectors.toSet());
  }

  /** Whether the documents were read once. */
  boolean areDocumentsRead() {
    return options.policies().map(prefix -> queries.isAnswered(new Keys(prefix))).orElse(true);
  }

  /** From now on these services are wanted. */
  void want(Wants wants, long now) {
    facts.want(wants);
    if (facts.hasOtherSubjects()) {
      queries.want(facts.subjects(), now);
    }
  }

  void take(List<Arrival> arrivals, long now, Instant wall) {
    for (Arrival arrival : arrivals) {
      switch (arrival) {
        case Arrival.Answered(Subject subject, long turn, ConsulAnswer answer) -> {
          Query query = queries.arrived(subject, turn);
          if (query != null) {
            answered(query, answer, now, wall);
          }
        }
        case Arrival.Failed(Subject subject, long turn, ConsulException failure) -> {
          Query query = queries.arrived(subject, turn);
          if (query != null) {
            failed(query, failure, now);
          }
        }
        case Arrival.Woken() -> {}
      }
    }
  }

  private void answered(Query query, ConsulAnswer answer, long now, Instant wall) {
    Subject subject = query.subject();
    try {
      if (subject instanceof Leader
          && options.needsLeader()
          && Reply.leader(answer.body()).isEmpty()) {
        throw new ConsulException(
            HttpURLConnection.HTTP_UNAVAILABLE,
            "Consul at %s has no leader; its servers elect one, or too few of them are there"
                .formatted(client.address()));
      }
      if (query.isNewlyFiltered(answer.filtered())) {
        throw new ConsulException(
            0,
            "Consul at %s leaves out of %s what the token may not read any more; grant it %s"
                .formatted(client.address(), subject.path(), "service:read, node:read, key:read"));
      }
      boolean backwards = query.index().isBackwards(answer.index());
      facts.take(subject, answer, backwards, now, wall).forEach(queries::look);
    } catch (ConsulException e) {
      failed(query, e, now);
      return;
    } catch (IOException e) {
      String words =
          "Consul at %s: %s; see what listens there".formatted(client.address(), e.getMessage());
      failed(query, new ConsulException(0, words, e), now);
      return;
    } catch (RuntimeException e) { // One that is not to be read holds up no other.
      LOG.error("what Consul at {} says at {} fails", client.address(), subject.path(), e);
      failed(
          query,
          new ConsulException(0, "reading %s failed: %s".formatted(subject.path(), e), e),
          now);
      return;
    }
    queries.answered(query, answer, now);
    named = named || subject instanceof Names;
    if (facts.hasOtherSubjects()) {
      queries.want(facts.subjects(), now);
    }
    if (subject instanceof Leader && lost) {
      lost = false;
      queries.restart(now); // What waits may wait on a connection that leads nowhere.
    }
  }

  private void failed(Query query, ConsulException failure, long now) {
    // Where Consul answers, if only that it cannot, connections lead somewhere.
    lost = lost || (query.subject() instanceof Leader && failure.code() == 0);
    queries.failed(query, failure, now);
  }

  void close() {
    queries.close();
  }
}
