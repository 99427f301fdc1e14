package dev.sluice.server.explain;

import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.server.status.ProxyStatus;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Whose proxies a question is about. */
final class Callers {
  private static final int NAMED = 10;

  private Callers() {}

  /**
   * The proxies of the one group that is meant, not empty; a proxy's own id means that one alone.
   *
   * @param from a proxy's id or a service; empty where one group alone is connected
   */
  static List<ProxyStatus> of(List<ProxyStatus> proxies, Optional<String> from) {
    if (proxies.isEmpty()) {
      throw UnusableRequestException.unknown(
          "no proxy is connected; 'sluice bootstrap --help' tells how to start one");
    }
    if (from.isEmpty()) {
      return sole(proxies, "Several kinds of proxies are connected; name one with --from: ");
    }
    String name = from.get();
    List<ProxyStatus> named = proxies.stream().filter(proxy -> proxy.id().equals(name)).toList();
    if (!named.isEmpty()) {
      return List.of(named.getLast());
    }
    ServiceId service = ServiceId.parse(name, "");
    List<ProxyStatus> its =
        proxies.stream().filter(proxy -> isMeant(service, proxy.group().service())).toList();
    if (its.isEmpty()) {
      throw UnusableRequestException.wrong(
          "no proxy \"%s\" is connected, and none of a service of that name; there are: %s"
              .formatted(name, candidates(proxies)));
    }
    return sole(its, "\"" + name + "\" means several kinds of proxies; name one by its id: ");
  }

  private static boolean isMeant(ServiceId wanted, ServiceId id) {
    return wanted.name().equals(id.name())
        && (wanted.namespace().isEmpty() || wanted.namespace().equals(id.namespace()));
  }

  /** Those of one role and service; they may run in several places, and be sent other things. */
  private static List<ProxyStatus> sole(List<ProxyStatus> proxies, String otherwise) {
    long kinds = proxies.stream().map(proxy -> kind(proxy.group())).distinct().count();
    if (kinds > 1) {
      throw UnusableRequestException.wrong(otherwise + candidates(proxies));
    }
    return proxies;
  }

  private static String kind(NodeGroup group) {
    return group.toString();
  }

  private static String candidates(List<ProxyStatus> proxies) {
    List<String> kinds =
        proxies.stream()
            .collect(
                Collectors.groupingBy(
                    proxy -> kind(proxy.group()),
                    TreeMap::new,
                    Collectors.mapping(ProxyStatus::id, Collectors.toList())))
            .entrySet()
            .stream()
            .map(entry -> entry.getKey() + " (" + some(entry.getValue()) + ")")
            .toList();
    int more = kinds.size() - NAMED;
    return kinds.stream().limit(NAMED).collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "");
  }

  private static String some(List<String> ids) {
    int more = ids.size() - 2;
    return ids.stream().limit(2).collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "");
  }
}
