package dev.sluice.policy.attach;

import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.ServicePort;
import dev.sluice.policy.attach.PolicyStatus.Reason;
import dev.sluice.policy.attach.PolicyStatus.State;
import dev.sluice.policy.attach.Verdict.AttachedHosts;
import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Gateway;
import dev.sluice.spec.Gateway.ListenerProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Judges one candidate after all that come before it: a candidate is let in when its port is known
 * and none that was let in before it says the same. So the outcome is one and the same in whatever
 * order documents arrive.
 */
final class Admission {
  private final Candidate candidate;
  private final Facts facts;
  private final Map<DocumentKey, Verdict> verdicts;
  private PolicyStatus status = new PolicyStatus(Reason.ACCEPTED, List.of(), Optional.empty());

  private Admission(Candidate candidate, Facts facts, Map<DocumentKey, Verdict> verdicts) {
    this.candidate = candidate;
    this.facts = facts;
    this.verdicts = verdicts;
  }

  /**
   * The verdict on {@code candidate}.
   *
   * @param verdicts those on all that come before it, at least
   */
  static Verdict judge(Candidate candidate, Facts facts, Map<DocumentKey, Verdict> verdicts) {
    return new Admission(candidate, facts, verdicts).judge();
  }

  private Verdict judge() {
    Optional<Scope> scope =
        candidate.isNamespaceWide() ? namespaceScope() : portScope(candidate.service());
    status = new PolicyStatus(status.reason(), status.problems(), scope);
    scope.ifPresent(this::checkSections);
    List<AttachedHosts> attached = attach();
    List<GatewayListener> listeners = listeners();
    boolean rejected = status.state() == State.REJECTED;
    return new Verdict(status, rejected ? List.of() : attached, rejected ? List.of() : listeners);
  }

  private Optional<Scope> namespaceScope() {
    if (candidate.spec().target().port() != null) {
      error(
          Reason.UNKNOWN_PORT,
          "$.spec.target.port",
          "service \"*\" is about every port of every service; leave target.port out");
      return Optional.empty();
    }
    return Optional.of(new Scope.OfNamespace(candidate.namespace()));
  }

  private Optional<Scope> portScope(ServiceId id) {
    Integer wanted = candidate.spec().target().port();
    Optional<Service> found = facts.service(id);
    if (found.isEmpty()) {
      noService(id);
      return Optional.empty();
    }
    List<ServicePort> ports = found.get().ports();
    if (wanted == null && ports.size() != 1) {
      String how = ports.isEmpty() ? "no ports" : "several ports (" + list(ports) + ")";
      error(
          Reason.PORT_REQUIRED,
          "$.spec.target",
          id + " has " + how + "; say by target.port which one is meant");
      return Optional.empty();
    }
    if (wanted != null && found.get().port(wanted).isEmpty()) {
      error(
          Reason.UNKNOWN_PORT,
          "$.spec.target.port",
          id + " has no port " + wanted + " (ports: " + list(ports) + ")");
      return Optional.empty();
    }
    return Optional.of(new Scope.OfPort(id, wanted == null ? ports.getFirst().number() : wanted));
  }

  private void noService(ServiceId id) {
    if (candidate.hasBackends()) {
      error(
          Reason.PORT_REQUIRED,
          "$.spec.target",
          id + " exists by these backends alone; say by target.port which port is called");
    } else {
      String path = "$.spec.target.service";
      Location location = candidate.policy().origin().at(path);
      String message = "no source knows " + id + "; the policy is applied once one does";
      status = status.with(Reason.SERVICE_NOT_FOUND, Problem.warning(location, path, message));
    }
  }

  /** Ports as people read them. */
  static String list(List<ServicePort> ports) {
    return ports.isEmpty()
        ? "none"
        : ports.stream()
            .map(port -> (port.number() + " " + port.name()).strip())
            .collect(Collectors.joining(", "));
  }

  private void checkSections(Scope scope) {
    for (Candidate other : facts.candidates(subject(scope))) {
      if (!other.precedes(candidate)) {
        return;
      }
      if (verdict(other).isAppliedTo(scope)) {
        for (Section section : Section.values()) {
          if (section.isSharedBy(candidate, other)) {
            shared(section, other, scope);
          }
        }
      }
    }
  }

  private void shared(Section section, Candidate other, Scope scope) {
    String own = section.key(candidate);
    String what = section.key(other) + " of " + scope;
    Attribution winner = other.attribution(section.path(other));
    if (section.key(other).equals(own)) {
      conflict(section.path(candidate), what + " is set", winner);
    } else {
      error(
          Reason.CONFLICTED,
          section.path(candidate),
          "%s is set by %s, which comes first, and excludes %s; leave one of the two out"
              .formatted(what, winner, own));
    }
  }

  private static Subject subject(Scope scope) {
    return switch (scope) {
      case Scope.OfPort port -> new Subject.OfService(port.service());
      case Scope.OfNamespace all -> new Subject.OfNamespace(all.namespace());
    };
  }

  /** Checks all gateways and hosts, even where the candidate is rejected already. */
  private List<AttachedHosts> attach() {
    Map<DocumentKey, AttachedHosts> attached = new TreeMap<>();
    List<DocumentKey> gateways = candidate.gateways();
    for (int i = 0; i < gateways.size(); i++) {
      DocumentKey key = gateways.get(i);
      Optional<Gateway> gateway = facts.gateway(key);
      if (gateway.isEmpty()) {
        String name = key.namespace() + "/" + key.name();
        error(
            Reason.UNKNOWN_GATEWAY,
            "$.spec.attach.gateways[" + i + "]",
            "there is no Gateway " + name + "; correct the name or the namespace, or create it");
      } else if (candidate.isByHosts(i) && !attached.containsKey(key)) {
        attached.put(key, new AttachedHosts(key, Candidate.distinct(hosts(gateway.get()))));
      }
    }
    return attached.values().stream().filter(hosts -> !hosts.hosts().isEmpty()).toList();
  }

  /** The candidate's listeners that there are and nobody else has; gateways are checked before. */
  private List<GatewayListener> listeners() {
    List<GatewayListener> taken = new ArrayList<>();
    candidate
        .listeners()
        .forEach(
            (index, wanted) -> {
              String path = "$.spec.attach.gateways[" + index + "].listener";
              Optional<Gateway> gateway = facts.gateway(wanted.gateway());
              if (gateway.isPresent() && !hasTcp(gateway.get(), wanted.name())) {
                String names = tcpListeners(gateway.get());
                error(
                    Reason.UNKNOWN_LISTENER,
                    path,
                    "there is no TCP " + wanted + " (TCP listeners: " + names + ")");
              } else if (gateway.isPresent()) {
                checkListener(wanted, path);
                taken.add(wanted);
              }
            });
    return taken;
  }

  private static boolean hasTcp(Gateway gateway, String name) {
    return gateway.spec().listeners().stream()
        .anyMatch(each -> each.protocol() == ListenerProtocol.TCP && each.name().equals(name));
  }

  private static String tcpListeners(Gateway gateway) {
    String names =
        gateway.spec().listeners().stream()
            .filter(each -> each.protocol() == ListenerProtocol.TCP)
            .map(Gateway.Listener::name)
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "none" : names;
  }

  private void checkListener(GatewayListener wanted, String path) {
    for (Candidate other : facts.candidates(new Subject.OfListener(wanted))) {
      if (!other.precedes(candidate)) {
        return;
      }
      if (verdict(other).holdsHosts()) {
        int index =
            other.listeners().entrySet().stream()
                .filter(each -> each.getValue().equals(wanted))
                .findFirst()
                .orElseThrow()
                .getKey();
        conflict(
            path,
            wanted + " is taken",
            other.attribution("$.spec.attach.gateways[" + index + "].listener"));
      }
    }
  }

  /** The candidate's hosts that {@code gateway} takes. */
  private List<String> hosts(Gateway gateway) {
    List<String> taken = new ArrayList<>();
    List<String> written = candidate.hosts();
    for (int i = 0; i < written.size(); i++) {
      String host = Candidate.host(written.get(i));
      String path = candidate.hostPath(i);
      if (!ListenerHosts.cover(gateway, host)) {
        String name = gateway.metadata().namespace() + "/" + gateway.metadata().name();
        error(
            Reason.HOST_NOT_COVERED,
            path,
            "\"%s\" is taken by no listener of Gateway %s (hosts: %s)"
                .formatted(written.get(i), name, ListenerHosts.list(gateway)));
      } else {
        checkHost(gateway.key(), host, path);
        taken.add(host);
      }
    }
    return taken;
  }

  private void checkHost(DocumentKey gateway, String host, String path) {
    for (Candidate other : facts.candidates(new Subject.OfHost(gateway, host))) {
      if (!other.precedes(candidate)) {
        return;
      }
      if (verdict(other).holdsHosts()) {
        int index = other.hosts().stream().map(Candidate::host).toList().indexOf(host);
        String what = "host \"%s\" of %s is taken".formatted(host, gateway);
        conflict(path, what, other.attribution(other.hostPath(index)));
      }
    }
  }

  private Verdict verdict(Candidate other) {
    return Objects.requireNonNull(verdicts.get(other.key()));
  }

  private void conflict(String path, String what, Attribution winner) {
    error(
        Reason.CONFLICTED,
        path,
        what + " by " + winner + ", which comes first; leave it out of one of the two");
  }

  private void error(Reason reason, String path, String message) {
    Location location = candidate.policy().origin().at(path);
    status = status.with(reason, Problem.error(location, path, message));
  }
}
