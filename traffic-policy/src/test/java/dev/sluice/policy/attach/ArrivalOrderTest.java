package dev.sluice.policy.attach;

import static dev.sluice.policy.attach.Given.gateway;
import static dev.sluice.policy.attach.Given.service;
import static dev.sluice.policy.attach.Given.withEndpoint;
import static dev.sluice.policy.attach.PolicyText.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.SourceName;
import dev.sluice.spec.Document;
import dev.sluice.spec.Documents;
import dev.sluice.spec.Gateway;
import dev.sluice.spec.LoadBalancer;
import dev.sluice.spec.Resilience;
import dev.sluice.spec.Rollout;
import dev.sluice.spec.TrafficPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever happens in whatever batches, the index is the one of what there is in the end. */
class ArrivalOrderTest {
  private static final int RUNS = 40;
  private static final int STEPS = 25;
  private static final String[] SERVICES = {"orders", "users", "pay"};
  private static final String[] HOSTS = {"a.x.com", "A.x.com", "b.x.com", "*.x.com", "c.y.com"};

  @Test
  void everyStepGivesTheIndexOfAllAtOnceAndTellsWhatChanged() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("ArrivalOrderTest: -Dseed=" + seed);
    for (int run = 0; run < RUNS; run++) {
      walk(new Random(seed + run), "seed " + seed + ", run " + run);
    }
  }

  private static void walk(Random random, String where) {
    Documents documents = Documents.EMPTY;
    Catalog catalog = Catalog.EMPTY;
    PolicyIndex index = PolicyIndex.empty(Resilience.NONE);
    for (int step = 0; step < STEPS; step++) {
      Documents nextDocuments = documents;
      Catalog nextCatalog = catalog;
      for (int i = random.nextInt(4); i >= 0; i--) {
        if (random.nextInt(4) == 0) {
          nextCatalog = change(nextCatalog, random);
        } else {
          nextDocuments = change(nextDocuments, random);
        }
      }
      PolicyIndex next = Steps.step(index, documents, nextDocuments, catalog, nextCatalog);
      PolicyIndex atOnce = PolicyIndex.of(nextDocuments, nextCatalog);
      assertThat(next).as(where + ", step " + step).isEqualTo(atOnce);
      assertThat(next.statuses()).as(where + ", step " + step).isEqualTo(atOnce.statuses());
      assertThat(next.changed()).as(where + ", step " + step).isEqualTo(differing(index, next));
      assertThat(next.gatewaysChanged()).isEqualTo(!next.gateways().equals(index.gateways()));
      assertThat(applied(next))
          .as(where + ", step " + step)
          .isEqualTo(appliedTheSlowWay(nextDocuments, next));
      documents = nextDocuments;
      catalog = nextCatalog;
      index = next;
    }
  }

  private static Set<ServiceId> differing(PolicyIndex before, PolicyIndex after) {
    Set<ServiceId> ids = new TreeSet<>(before.services().keySet());
    ids.addAll(after.services().keySet());
    ids.removeIf(
        id ->
            before.policies(id).equals(after.policies(id))
                && before.services().containsKey(id) == after.services().containsKey(id));
    return ids;
  }

  private static Documents change(Documents documents, Random random) {
    Document document = random.nextInt(5) == 0 ? randomGateway(random) : randomPolicy(random);
    return random.nextInt(4) == 0 ? documents.without(document.key()) : documents.with(document);
  }

  private static Catalog change(Catalog catalog, Random random) {
    String name = SERVICES[random.nextInt(SERVICES.length)];
    return switch (random.nextInt(6)) {
      case 0 -> catalog.without(new ServiceId(name, "shop"));
      case 1 -> catalog.with(service(name, 80, 81));
      case 2 -> catalog.with(withEndpoint(service(name, 80), "10.0.0." + random.nextInt(9)));
      case 3 ->
          catalog.with(
              withEndpoint(service(name, 80), "10.0.1." + random.nextInt(9), cluster(random)));
      default -> catalog.with(service(name, 80));
    };
  }

  private static SourceName cluster(Random random) {
    return new SourceName("kubernetes", random.nextBoolean() ? "dc1" : "dc2");
  }

  private static Gateway randomGateway(Random random) {
    String name = random.nextBoolean() ? "g1" : "g2";
    return random.nextBoolean() ? gateway(name) : gateway(name, "*.x.com");
  }

  private static TrafficPolicy randomPolicy(Random random) {
    boolean wide = random.nextInt(5) == 0;
    String target = wide ? "*" : SERVICES[random.nextInt(SERVICES.length)];
    PolicyText text = policy("p" + random.nextInt(8), target);
    if (random.nextBoolean()) {
      text.created("2026-01-0" + (1 + random.nextInt(4)) + "T00:00:00Z");
    } else {
      text.file("f" + random.nextInt(3) + ".yaml");
    }
    if (random.nextInt(3) == 0) {
      text.attempts(random.nextInt(4));
    }
    if (random.nextInt(3) == 0) {
      text.requestTimeout(Duration.ofSeconds(1 + random.nextInt(3)));
    }
    if (random.nextInt(4) == 0) {
      text.loadBalancer(LoadBalancer.Type.RANDOM, null);
    }
    if (!wide) {
      randomServiceSections(text, random);
    }
    return text.write();
  }

  private static void randomServiceSections(PolicyText text, Random random) {
    if (random.nextInt(3) == 0) {
      text.port(80 + random.nextInt(2));
    }
    if (random.nextInt(6) == 0) {
      text.backend("vms", "10.1.0.1:80");
    }
    if (random.nextInt(4) == 0) {
      String of = random.nextBoolean() ? null : SERVICES[random.nextInt(SERVICES.length)];
      text.kubernetes("pods", cluster(random).name(), of, random.nextInt(3));
    }
    if (random.nextInt(4) == 0) {
      text.versions("v1", "v2");
    }
    if (random.nextInt(4) == 0) {
      text.split(Map.of("v1", 1, "v2", random.nextInt(3)));
    } else if (random.nextInt(4) == 0) {
      text.rollout(randomRollout(random));
    }
    if (random.nextInt(4) == 0) {
      text.route("r" + random.nextInt(3), "v" + (1 + random.nextInt(3)));
    }
    if (random.nextInt(2) == 0) {
      List<String> hosts = new ArrayList<>(List.of(HOSTS));
      Collections.shuffle(hosts, random);
      String[] some = hosts.subList(0, 1 + random.nextInt(2)).toArray(String[]::new);
      text.attach(random.nextBoolean(), random.nextBoolean() ? "g1" : "g2", some);
    }
  }

  private static Rollout randomRollout(Random random) {
    String version = "v" + (1 + random.nextInt(3));
    return switch (random.nextInt(4)) {
      case 0 -> Rollouts.canary("v1", version);
      case 1 -> Rollouts.blueGreen("v1", version);
      case 2 -> Rollouts.previewedByHeader("v1", version, "x-preview");
      default -> Rollouts.previewedByHost("v1", version, HOSTS[random.nextInt(HOSTS.length)]);
    };
  }

  private static Set<String> applied(PolicyIndex index) {
    Set<String> names = new HashSet<>();
    index
        .statuses()
        .forEach(
            (key, status) -> {
              if (status.accepted()) {
                names.add(key.name());
              }
            });
    return names;
  }

  /** Goes through all policies in the order of precedence, comparing each with all before it. */
  private static Set<String> appliedTheSlowWay(Documents documents, PolicyIndex index) {
    List<Candidate> accepted = new ArrayList<>();
    documents.all().values().stream()
        .filter(TrafficPolicy.class::isInstance)
        .map(document -> new Candidate((TrafficPolicy) document))
        .sorted()
        .filter(next -> isLetIn(next, accepted, index))
        .forEach(accepted::add);
    Set<String> names = new HashSet<>();
    accepted.forEach(candidate -> names.add(candidate.policy().metadata().name()));
    return names;
  }

  private static boolean isLetIn(Candidate next, List<Candidate> accepted, PolicyIndex index) {
    Integer port = port(next, index);
    if (port == null) {
      return false;
    }
    for (Candidate other : accepted) {
      boolean samePlace =
          next.spec().target().service().equals(other.spec().target().service())
              && Objects.equals(port, port(other, index));
      for (Section section : Section.values()) {
        if (samePlace && port != WAITING && section.isSharedBy(next, other)) {
          return false;
        }
      }
      if (!Collections.disjoint(exposed(next, index), exposed(other, index))) {
        return false;
      }
    }
    return true;
  }

  private static final int WAITING = -1;
  private static final int EVERY = 0;

  /** The port that a policy is about, null if there is none. */
  private static @Nullable Integer port(Candidate candidate, PolicyIndex index) {
    if (candidate.isNamespaceWide()) {
      return EVERY;
    }
    Integer wanted = candidate.spec().target().port();
    Service service = index.services().get(candidate.service());
    if (service == null) {
      return candidate.hasBackends() ? null : Integer.valueOf(WAITING);
    }
    if (wanted != null) {
      return service.port(wanted).isPresent() ? wanted : null;
    }
    return service.ports().size() == 1 ? service.ports().getFirst().number() : null;
  }

  private static Set<String> exposed(Candidate candidate, PolicyIndex index) {
    Set<String> exposed = new HashSet<>();
    candidate.gateways().stream()
        .map(key -> index.gateways().get(key))
        .filter(Objects::nonNull)
        .forEach(
            gateway ->
                candidate.hosts().stream()
                    .map(Candidate::host)
                    .filter(host -> ListenerHosts.cover(gateway, host))
                    .forEach(host -> exposed.add(gateway.key() + " " + host)));
    return exposed;
  }
}
