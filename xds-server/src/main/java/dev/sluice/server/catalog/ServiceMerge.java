package dev.sluice.server.catalog;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Protocol;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServicePort;
import dev.sluice.catalog.SourceName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes one service of what several sources say about it.
 *
 * <p>Ports are united by number: of two that have the same number the first source's name and
 * protocol count, as far as it gives them. Two numbers under one name cannot both keep it: the
 * later one is called {@code name-number} (a port without a name, {@code port-number}), and the
 * endpoints of its source follow. Endpoints are put together; of two with the same address and
 * ports the first source's counts. Whether a DNS name stands for the instances is the first
 * source's word alone: then the others' endpoints do not count, and else their names.
 */
final class ServiceMerge {

  private ServiceMerge() {}

  /**
   * Merges the sources' views of one service.
   *
   * @param views not empty, all of one id, in the order of the sources
   */
  static Service merge(List<Service> views) {
    Service first = views.getFirst();
    List<ServicePort> ports = ports(views);
    Map<Integer, String> names = names(views.size(), ports);
    List<Endpoint> endpoints = new ArrayList<>();
    Set<Place> seen = new HashSet<>();
    for (Service view : views) {
      Map<String, String> renamed = renamed(view, names);
      for (Endpoint endpoint : view.endpoints()) {
        Endpoint here = withNames(endpoint, renamed);
        if (seen.add(new Place(here.address(), here.ports()))) {
          endpoints.add(here);
        }
      }
    }
    return first.host().isPresent()
        ? new Service(first.id(), ports, List.of(), first.host())
        : new Service(first.id(), ports, endpoints);
  }

  /**
   * The endpoints that {@link #merge} leaves out, with who has their place, in the order of the
   * sources.
   *
   * @param views not empty, all of one id
   */
  static List<HiddenEndpoint> hidden(SortedMap<SourceName, Service> views) {
    SourceName first = views.firstKey();
    boolean byName = views.firstEntry().getValue().host().isPresent();
    Map<Integer, String> names = names(views.size(), ports(List.copyOf(views.values())));
    Map<Place, SourceName> holders = new HashMap<>();
    List<HiddenEndpoint> hidden = new ArrayList<>();
    views.forEach(
        (source, view) -> {
          Map<String, String> renamed = renamed(view, names);
          for (Endpoint endpoint : view.endpoints()) {
            Endpoint here = withNames(endpoint, renamed);
            SourceName holder =
                byName
                    ? first
                    : holders.putIfAbsent(new Place(here.address(), here.ports()), source);
            if (holder != null) {
              hidden.add(new HiddenEndpoint(here, holder));
            }
          }
        });
    return hidden;
  }

  private static List<ServicePort> ports(List<Service> views) {
    return views.size() == 1 ? views.getFirst().ports() : unitedPorts(views);
  }

  /** The names by which ports go in the end; none where they are one source's and stay. */
  private static Map<Integer, String> names(int views, List<ServicePort> ports) {
    Map<Integer, String> names = new HashMap<>();
    if (views > 1) {
      ports.forEach(port -> names.put(port.number(), port.name()));
    }
    return names;
  }

  private static List<ServicePort> unitedPorts(List<Service> views) {
    Map<Integer, ServicePort> byNumber = new LinkedHashMap<>();
    for (Service view : views) {
      for (ServicePort port : view.ports()) {
        byNumber.merge(port.number(), port, ServiceMerge::firstWord);
      }
    }
    Set<String> taken = new HashSet<>();
    List<ServicePort> ports = new ArrayList<>();
    for (ServicePort port : byNumber.values()) {
      boolean nameless = port.name().isEmpty() && byNumber.size() > 1;
      String name = nameless ? "port-" + port.number() : port.name();
      if (!taken.add(name)) {
        name = name + "-" + port.number();
        taken.add(name);
      }
      ports.add(new ServicePort(name, port.number(), port.protocol()));
    }
    return ports;
  }

  private static ServicePort firstWord(ServicePort first, ServicePort later) {
    String name = first.name().isEmpty() ? later.name() : first.name();
    @Nullable Protocol protocol = first.protocol() == null ? later.protocol() : first.protocol();
    return new ServicePort(name, first.number(), protocol);
  }

  private static Map<String, String> renamed(Service view, Map<Integer, String> names) {
    Map<String, String> renamed = new HashMap<>();
    for (ServicePort port : view.ports()) {
      String name = names.getOrDefault(port.number(), port.name());
      if (!name.equals(port.name())) {
        renamed.put(port.name(), name);
      }
    }
    return renamed;
  }

  private static Endpoint withNames(Endpoint endpoint, Map<String, String> renamed) {
    if (renamed.isEmpty()) {
      return endpoint;
    }
    SortedMap<String, Integer> ports = new TreeMap<>();
    endpoint.ports().forEach((name, number) -> ports.put(renamed.getOrDefault(name, name), number));
    return new Endpoint(
        endpoint.address(),
        ports,
        endpoint.labels(),
        endpoint.weight(),
        endpoint.locality(),
        endpoint.health(),
        endpoint.source());
  }

  private record Place(String address, SortedMap<String, Integer> ports) {}
}
