package dev.sluice.spec;

import dev.sluice.catalog.ServiceId;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The services that a document names: those that it is about, and those that are called for it. */
public final class NamedServices {
  private NamedServices() {}

  /**
   * Their ids. A policy for every service of its namespace names none, and an override acts on
   * instances only of services that others name.
   */
  public static Set<ServiceId> of(Document document) {
    String namespace = document.metadata().namespace();
    Set<ServiceId> services = new TreeSet<>();
    switch (document) {
      case TrafficPolicy policy -> {
        Target target = policy.spec().target();
        if (!target.service().equals(Target.EVERY_SERVICE)) {
          ServiceId own = ServiceId.parse(target.service(), namespace);
          services.add(own);
          target.backends().forEach(one -> backend(one, own).ifPresent(services::add));
        }
        mirrors(policy.spec())
            .map(Mirror::service)
            .filter(Objects::nonNull)
            .forEach(name -> services.add(ServiceId.parse(name, namespace)));
      }
      case Gateway gateway ->
          called(gateway.spec()).forEach(name -> services.add(ServiceId.parse(name, namespace)));
      case InstanceOverride _, StaticService _ -> {}
    }
    return Collections.unmodifiableSet(services);
  }

  private static Optional<ServiceId> backend(Target.Backend backend, ServiceId own) {
    Target.Kubernetes kubernetes = backend.kubernetes();
    if (kubernetes != null) {
      return Optional.of(id(kubernetes.service(), kubernetes.namespace(), own));
    }
    Target.Consul consul = backend.consul();
    return Optional.ofNullable(consul).map(it -> id(it.service(), it.namespace(), own));
  }

  private static ServiceId id(@Nullable String name, @Nullable String namespace, ServiceId own) {
    return new ServiceId(
        Objects.requireNonNullElse(name, own.name()),
        Objects.requireNonNullElse(namespace, own.namespace()));
  }

  private static Stream<Mirror> mirrors(TrafficPolicySpec spec) {
    return Stream.concat(
        Stream.ofNullable(spec.mirror()),
        spec.routes().stream().flatMap(route -> Stream.ofNullable(route.mirror())));
  }

  private static Stream<String> called(Gateway.Spec spec) {
    Authz authz = spec.authz();
    AccessLog log = spec.accessLog();
    Tracing tracing = spec.tracing();
    RateLimitService limits = spec.rateLimitService();
    Authz.@Nullable Http http = authz == null ? null : authz.http();
    return Stream.concat(
        Stream.of(
                Optional.ofNullable(authz).map(Authz::grpc),
                Optional.ofNullable(log).map(AccessLog::otlp),
                Optional.ofNullable(log).map(AccessLog::grpc),
                Optional.ofNullable(tracing).map(Tracing::otlp))
            .flatMap(Optional::stream)
            .map(ServicePortRef::service),
        Stream.concat(
            Stream.ofNullable(http).map(Authz.Http::service),
            Stream.ofNullable(limits).map(RateLimitService::service)));
  }
}
