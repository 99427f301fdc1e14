package dev.sluice.server.pipeline;

import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.policy.attach.Attribution;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.problem.JsonPath;
import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.server.pipeline.Encoder.Encoded;
import dev.sluice.translate.AssignmentInput;
import dev.sluice.translate.GroupResources;
import dev.sluice.translate.PortResources;
import dev.sluice.translate.PortTranslation;
import dev.sluice.translate.SampleListeners;
import dev.sluice.translate.ServiceTranslation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds what Envoy would refuse before it is published (policy.md, section 5). What is found here
 * is a rule that validation does not know of.
 */
final class Refusals {
  private final Encoder encoder;

  Refusals(Encoder encoder) {
    this.encoder = encoder;
  }

  /**
   * A port that must not be published.
   *
   * @param attributions the documents that shaped it, those of the highest precedence first
   * @param what the first rule that it breaks
   */
  record Refused(ServiceId service, List<Attribution> attributions, String what) {
    /** For the author of the document at {@code location}. */
    Problem problem(Location location) {
      return Refusals.problem(location, what);
    }

    /** For the authors of all that shaped it, or for the owner of the service. */
    List<Problem> problems() {
      return attributions.isEmpty()
          ? List.of(problem(Location.ofFile("service " + service)))
          : attributions.stream().map(from -> problem(from.location())).toList();
    }
  }

  private static Problem problem(Location location, String what) {
    return Problem.error(
        location,
        JsonPath.ROOT,
        "Envoy would refuse what this comes to, so what held before stays in force: " + what);
  }

  /** What Envoys would refuse of those {@code services} that {@code index} has. */
  List<Refused> of(PolicyIndex index, Collection<ServiceId> services) {
    List<Refused> refused = new ArrayList<>();
    for (ServiceId id : services) {
      Service service = index.services().get(id);
      if (service != null) {
        for (PortTranslation port : ServiceTranslation.of(service, index.policies(id)).ports()) {
          first(port)
              .map(what -> new Refused(id, port.policy().attributions(), what))
              .ifPresent(refused::add);
        }
      }
    }
    return refused;
  }

  private Optional<String> first(PortTranslation port) {
    return firstBroken(
        Stream.of(
            port.clusters().stream().map(encoder::cluster),
            port.assignments().stream().map(encoder::assignment),
            port.virtualHosts().stream().map(encoder::virtualHost),
            SampleListeners.of(port).map(encoder::listener)));
  }

  private static Optional<String> firstBroken(Stream<Stream<? extends Encoded<?>>> parts) {
    return parts.flatMap(part -> part).flatMap(Encoded::broken).findFirst();
  }

  /** {@code former} with those instances of {@code now} that proxies take. */
  List<PortResources> withInstances(List<PortResources> former, List<PortResources> now) {
    Map<String, AssignmentInput> newest = new HashMap<>();
    for (PortResources port : now) {
      for (AssignmentInput input : port.assignments()) {
        if (encoder.assignment(input).violations().isEmpty()) {
          newest.put(input.cluster(), input);
        }
      }
    }
    return former.stream()
        .map(
            port ->
                port.withAssignments(
                    port.assignments().stream()
                        .map(input -> newest.getOrDefault(input.cluster(), input))
                        .toList()))
        .toList();
  }

  /** What proxies would refuse of those parts of {@code now} that are not in {@code before}. */
  List<Refused> of(ServiceId service, List<PortResources> before, List<PortResources> now) {
    List<Refused> refused = new ArrayList<>();
    for (PortResources port : now) {
      firstBroken(
              Stream.of(
                  port.clusters().stream()
                      .filter(input -> before.stream().noneMatch(p -> p.clusters().contains(input)))
                      .map(encoder::cluster),
                  port.assignments().stream()
                      .filter(
                          input -> before.stream().noneMatch(p -> p.assignments().contains(input)))
                      .map(encoder::assignment),
                  port.listeners().stream()
                      .filter(
                          input -> before.stream().noneMatch(p -> p.listeners().contains(input)))
                      .map(encoder::listener),
                  port.virtualHosts().values().stream()
                      .filter(
                          hosts ->
                              before.stream().noneMatch(p -> p.virtualHosts().containsValue(hosts)))
                      .flatMap(List::stream)
                      .map(encoder::virtualHost)))
          .map(what -> new Refused(service, port.attributions(), what))
          .ifPresent(refused::add);
    }
    return refused;
  }

  /** What proxies would refuse of what a group is sent whichever services it sees. */
  List<Problem> of(NodeGroup group, GroupResources fixed) {
    Stream<Encoded<?>> all =
        Stream.concat(
            fixed.listeners().stream().map(encoder::listener),
            fixed.clusters().stream().map(encoder::cluster));
    return all.flatMap(Encoded::broken)
        .map(what -> problem(Location.ofFile("proxies of " + group), what))
        .toList();
  }
}
