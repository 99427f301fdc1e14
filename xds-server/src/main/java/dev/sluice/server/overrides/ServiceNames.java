package dev.sluice.server.overrides;

import dev.sluice.catalog.ServiceId;
import dev.sluice.problem.Nearest;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** What people may have meant by the name of a service that is not known. */
public final class ServiceNames {
  private static final int SUGGESTIONS = 3;

  private ServiceNames() {}

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
