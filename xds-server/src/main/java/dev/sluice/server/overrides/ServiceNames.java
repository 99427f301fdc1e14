package dev.sluice.server.overrides;

import dev.sluice.catalog.ServiceId;
import dev.sluice.problem.Nearest;
import dev.sluice.server.overrides.RefusedException.Why;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Services as people name them: {@code name} where one namespace alone has it. */
public final class ServiceNames {
  private static final int SUGGESTIONS = 3;

  private ServiceNames() {}

  /**
   * The service that is meant.
   *
   * @param wanted {@code name} or {@code name.namespace}
   * @throws RefusedException when it is not known, or several have that name
   */
  public static ServiceId known(String wanted, Collection<ServiceId> known) {
    ServiceId id = ServiceId.parse(wanted, "");
    List<ServiceId> named =
        known.stream()
            .filter(it -> id.namespace().isEmpty() ? it.name().equals(id.name()) : it.equals(id))
            .sorted()
            .toList();
    if (named.isEmpty()) {
      throw new RefusedException(Why.UNKNOWN, unknown(wanted, known));
    }
    if (named.size() > 1) {
      throw new RefusedException(
          Why.CONFLICT,
          "several namespaces have a service \"%s\"; write %s"
              .formatted(
                  wanted, String.join(" or ", named.stream().map(ServiceId::toString).toList())));
    }
    return named.getFirst();
  }

  /**
   * That a service is not known, and which come near.
   *
   * @param wanted {@code name} or {@code name.namespace}
   */
  public static String unknown(String wanted, Collection<ServiceId> known) {
    ServiceId id = ServiceId.parse(wanted, "");
    List<String> near =
        known.stream()
            .filter(it -> Nearest.isNear(id.name(), it.name()))
            .sorted(
                Comparator.comparingInt((ServiceId it) -> Nearest.distance(id.name(), it.name()))
                    .thenComparingInt(it -> Nearest.distance(id.namespace(), it.namespace()))
                    .thenComparing(Comparator.naturalOrder()))
            .limit(SUGGESTIONS)
            .map(ServiceId::toString)
            .toList();
    String hint =
        near.isEmpty()
            ? "see /v1/services (sluice get services)"
            : "did you mean " + String.join(" or ", near) + "?";
    return "no service \"" + wanted + "\" is known; " + hint;
  }
}
