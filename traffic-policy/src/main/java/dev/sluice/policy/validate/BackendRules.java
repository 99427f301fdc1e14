package dev.sluice.policy.validate;

import dev.sluice.spec.StaticAddress;
import dev.sluice.spec.Target.Backend;
import dev.sluice.spec.Target.Consul;
import dev.sluice.spec.Target.Kubernetes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
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

  private static void backend(At at, Backend backend, Map<StaticAddress, String> seen) {
    Names.dnsLabel(at.key("name"), backend.name());
    at.within("weight", backend.weight(), 0, MOST_WEIGHT);
    Kubernetes kubernetes = backend.kubernetes();
    if (kubernetes != null) {
      kubernetes(at.key("kubernetes"), kubernetes);
    }
    Consul consul = backend.consul();
    if (consul != null) {
      consul(at.key("consul"), consul);
    }
    onlyOne(at, backend);
    addresses(at.key("static"), backend, seen);
  }

  private static void kubernetes(At at, Kubernetes given) {
    given(at.key("cluster"), given.cluster(), Names::dnsLabel);
    given(at.key("namespace"), given.namespace(), Names::dnsLabel);
    given(at.key("service"), given.service(), Names::dnsLabel);
    port(at.key("port"), given.port());
  }

  private static void consul(At at, Consul given) {
    given(at.key("datacenter"), given.datacenter(), Names::dnsLabel);
    given(at.key("namespace"), given.namespace(), Names::dnsLabel);
    given(at.key("service"), given.service(), Names::consulService);
    if (given.tag() != null && given.tag().isEmpty()) {
      at.key("tag").error("is empty; write a tag that the instances have, or leave it out");
    }
    port(at.key("port"), given.port());
  }

  private static void given(At at, @Nullable String value, BiConsumer<At, String> rule) {
    if (value != null) {
      rule.accept(at, value);
    }
  }

  private static void port(At at, @Nullable String port) {
    if (port != null && port.isEmpty()) {
      at.error("is empty; write the name or the number of a port, or leave it out");
    }
  }

  private static void onlyOne(At at, Backend backend) {
    String first = null;
    for (String key : List.of("kubernetes", "consul", "static")) {
      if (at.key(key).isGiven()) {
        if (first != null) {
          at.key(key).error("is given beside " + first + "; make two backends of the two");
        }
        first = first == null ? key : first;
      }
    }
    boolean empty = first == null || (first.equals("static") && backend.addresses().isEmpty());
    if (empty) {
      (first == null ? at : at.key(first))
          .error(
              "a backend needs instances; write static: [10.0.0.1:8080], kubernetes: {cluster:"
                  + " NAME} or consul: {datacenter: NAME}");
    }
  }

  private static void addresses(At addresses, Backend backend, Map<StaticAddress, String> seen) {
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
