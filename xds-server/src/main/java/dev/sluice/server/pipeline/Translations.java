package dev.sluice.server.pipeline;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.SourceName;
import dev.sluice.policy.attach.Attribution;
import dev.sluice.policy.attach.EffectiveOverride;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.problem.Problem;
import dev.sluice.secret.Secrets;
import dev.sluice.server.snapshot.Provenance;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.spec.DocumentKey;
import dev.sluice.translate.ClientKind;
import dev.sluice.translate.SecretResources;
import dev.sluice.translate.SecretUse;
import dev.sluice.translate.ServiceTranslation;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The services of one index as inputs of protos, each translated at most once for each kind of
 * client, whatever the number of groups that see it. Lives for one change.
 */
final class Translations {
  private final PolicyIndex index;
  private final Secrets secrets;
  private final Map<SecretUse, Optional<Resource>> encoded = new HashMap<>();
  private final Map<ClientKind, Map<ServiceId, Optional<ServiceTranslation>>> translated =
      new EnumMap<>(ClientKind.class);

  Translations(PolicyIndex index, Secrets secrets) {
    this.index = index;
    this.secrets = secrets;
  }

  /** All secrets. */
  Secrets secrets() {
    return secrets;
  }

  /** Whether a source tells of a secret with that part. */
  boolean has(SecretUse use) {
    return secret(use).isPresent();
  }

  /** What proxies are sent of a secret; empty where no source tells of it. */
  Optional<Resource> secret(SecretUse use) {
    return encoded.computeIfAbsent(
        use,
        key ->
            secrets
                .secret(key.id())
                .flatMap(secret -> SecretResources.secret(key, secret))
                .map(
                    secret ->
                        Resource.of(ResourceType.SECRET, key.name(), secret, Provenance.NONE)));
  }

  /** The service for that kind of client; empty when there is no such service. */
  Optional<ServiceTranslation> of(ServiceId id, ClientKind client) {
    return translated
        .computeIfAbsent(client, _ -> new HashMap<>())
        .computeIfAbsent(
            id,
            key ->
                Optional.ofNullable(index.services().get(key))
                    .map(service -> ServiceTranslation.of(service, index.policies(key), client)));
  }

  /** The documents that say what a service's instances are: its StaticService, overrides. */
  List<Attribution> ofInstances(ServiceId id) {
    Stream<Attribution> overrides =
        index.policies(id).stream()
            .flatMap(policy -> policy.overrides().stream())
            .map(EffectiveOverride::attribution);
    return Stream.concat(index.staticService(id).stream(), overrides).distinct().toList();
  }

  /** Those Gateways, sorted. */
  List<Attribution> gateways(Set<DocumentKey> keys) {
    return keys.stream()
        .sorted()
        .flatMap(key -> Stream.ofNullable(index.gateways().get(key)))
        .map(gateway -> new Attribution(gateway.key(), gateway.origin().start()))
        .toList();
  }

  /** The sources that told of the service's instances, sorted. */
  List<String> sources(ServiceId id) {
    Service service = index.services().get(id);
    return service == null
        ? List.of()
        : Stream.concat(
                service.endpoints().stream().map(Endpoint::source),
                index.policies(id).stream()
                    .flatMap(policy -> policy.backends().stream())
                    .flatMap(backend -> backend.members().stream())
                    .flatMap(member -> Stream.ofNullable(member.source())))
            .map(SourceName::toString)
            .distinct()
            .sorted()
            .toList();
  }

  /** What the owner of the service's facts should look at, for that kind of client. */
  List<Problem> problems(ServiceId id, ClientKind client) {
    return of(id, client).map(ServiceTranslation::problems).orElse(List.of());
  }
}
