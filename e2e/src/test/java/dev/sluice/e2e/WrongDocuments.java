package dev.sluice.e2e;

import java.util.Set;

/** The wrong documents to which somebody else answers than the webhook. */
final class WrongDocuments {
  /**
   * kubectl reads them otherwise: of two keys it drops one, and keys without a value it leaves out.
   */
  static final Set<String> READ_OTHERWISE =
      Set.of("same-document-twice", "section-without-value", "yaml-duplicate-key", "yaml-tag");

  /** No objects of a known kind with a name, as kubectl reads them (YAML 1.1). */
  static final Set<String> NO_DOCUMENTS =
      Set.of(
          "api-version-of-another-release",
          "document-of-somebody-else",
          "everything-missing",
          "kind-misspelt",
          "labels-with-numbers",
          "name-missing",
          "name-not-a-dns-label",
          "nothing-but-text",
          "route-paths");

  /**
   * The API server refuses what the schema does not know: keys, types, words, and what is missing;
   * then it asks nobody.
   */
  static final Set<String> OF_WRONG_FORM =
      Set.of(
          "backends-consul-unreadable",
          "boolean-of-yaml-1-1",
          "degrade-wrong",
          "duration-without-unit",
          "enum-misspelt",
          "envoy-listeners",
          "envoy-shape",
          "fault-unreadable",
          "gateway-authz",
          "gateway-edge-wrong",
          "gateway-listener-protocol",
          "gateway-rate-limit-service",
          "gateway-tls",
          "hash-as-mapping",
          "hash-keys-unreadable",
          "health-check-as-word",
          "health-check-without-path",
          "health-source-unknown",
          "hosts-not-a-list",
          "instance-override",
          "limits-unreadable",
          "list-missing",
          "locality-mode-unknown",
          "locality-of-a-version",
          "locality-order",
          "many-mistakes-at-once",
          "mapping-missing",
          "number-as-text",
          "number-as-words",
          "overrides-wrong",
          "rate-limit-global",
          "rate-limit-unreadable",
          "retry-budget-without-its-section",
          "rollout-analysis-ranges",
          "rollout-instances-wrong",
          "rollout-of-both-kinds",
          "rollout-queries-unreadable",
          "rollout-steps-missing",
          "rollout-steps-too-many",
          "rollout-unreadable",
          "route-authz",
          "route-header-value-not-quoted",
          "route-methods",
          "route-respond-unreadable",
          "scalar-missing",
          "second-document-wrong",
          "slow-start-ranges",
          "split-mode-misspelt",
          "static-service-label-not-quoted",
          "static-service-port-protocol",
          "telemetry-unreadable",
          "text-as-number",
          "unknown-key",
          "unknown-key-far-from-any",
          "upstream-tls",
          "versions-without-keys");

  /** Its rules find a part of what is wrong, and say that in the validator's words. */
  static final Set<String> BY_RULES_IN_PART =
      Set.of(
          "attach-listener-wrong",
          "backends-consul-wrong",
          "backends-wrong",
          "circuit-breaker-ranges",
          "connection-pool-ranges",
          "fault-wrong",
          "gateway-tcp-listeners",
          "health-ranges",
          "limits-with-grpc",
          "mirror-wrong",
          "rate-limit-incomplete",
          "rate-limit-wrong",
          "retry-budget-ranges",
          "retry-hedge",
          "rollout-analysis-addresses",
          "rollout-empty",
          "rollout-gate",
          "rollout-preview-of-both",
          "route-several-actions",
          "route-to-wrong",
          "split-endpoint-mode-with-everything",
          "static-service-endpoints",
          "target-every-service-requests",
          "versions-without-labels");

  private WrongDocuments() {}
}
