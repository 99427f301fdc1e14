package dev.sluice.policy.validate;

import dev.sluice.spec.StaticAddress;
import dev.sluice.spec.Target.Backend;
import dev.sluice.spec.Target.Kubernetes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code spec.target.backends}. */
final class BackendRules {
  private static final int MOST_WEIGHT = 1_000_000;

  private BackendRules() {}

  static void check(At at, List<Backend> backends) {
    if (!at.legible()) {
      return;
    }
    Map<StaticAddress, String> seen = new HashMap<>();
    for (int i = 0; i < backends.size(); i++) {
      backend(at.index(i), backends.get(i), seen);
    }
    Names.unique(at, backends, Backend::name, "name", "backend");
    boolean anyTraffic =
        backends.stream().anyMatch(backend -> Objects.requireNonNullElse(backend.weight(), 1) != 0);
    if (!backends.isEmpty() && !anyTraffic) {
      at.error("every backend has weight 0, so none would get traffic; give one a positive weight");
    }
  }

  private static void kubernetes(At at, Kubernetes given) {
    name(at.key("cluster"), given.cluster());
    name(at.key("namespace"), given.namespace());
    name(at.key("service"), given.service());
    if (given.port() != null && given.port().isEmpty()) {
      at.key("port").error("is empty; write the name or the number of a port, or leave it out");
    }
  }

  private static void name(At at, @Nullable String name) {
    if (name != null) {
      Names.dnsLabel(at, name);
    }
  }

  private static void backend(At at, Backend backend, Map<StaticAddress, String> seen) {
    Names.dnsLabel(at.key("name"), backend.name());
    at.within("weight", backend.weight(), 0, MOST_WEIGHT);
    At addresses = at.key("static");
    Kubernetes kubernetes = backend.kubernetes();
    if (kubernetes != null) {
      kubernetes(at.key("kubernetes"), kubernetes);
      if (addresses.isGiven()) {
        addresses.error("is given beside kubernetes; make two backends of the two");
      }
    } else if (backend.addresses().isEmpty() && !at.key("consul").isGiven()) {
      (addresses.isGiven() ? addresses : at)
          .error(
              "a backend needs instances; write static: [10.0.0.1:8080], or kubernetes: {cluster:"
                  + " NAME}");
    }
    for (int i = 0; i < backend.addresses().size(); i++) {
      StaticAddress address = backend.addresses().get(i);
      String before = seen.putIfAbsent(address, backend.name());
      if (before != null) {
        addresses
            .index(i)
            .warning(address + " is already given in backend \"" + before + "\", which counts");
      }
    }
  }
}
