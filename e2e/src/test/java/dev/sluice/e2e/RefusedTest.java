package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the product guards against is refused by the real Envoy when it is not guarded against, so
 * that each guard is known to be needed; and the guard is there: a wrong document with its message,
 * a golden folder, or a test of its own.
 */
@NeedsEnvoy
class RefusedTest {
  private static final Path FOLDER = Path.of("src", "test", "resources", "refused");
  private static final Path GUARDS =
      EnvoyProcess.repository().resolve("traffic-policy").resolve("src").resolve("test");

  /**
   * One refusal.
   *
   * @param name of the file
   * @param words what Envoy says
   * @param guard the test of the guard
   */
  record Refused(String name, String words, String guard) {
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * Something that Envoy accepts, though it cannot work.
   *
   * @param name of the file
   * @param instead what happens instead, which the guard is kept for
   * @param guard the test of the guard
   */
  record Accepted(String name, String instead, String guard) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Refused> refused() {
    return Stream.of(
        new Refused(
            "duplicate-domain",
            "Only unique values for domains are permitted",
            attach("GatewaysTest")),
        new Refused(
            "two-wildcard-domains",
            "Only a single wildcard domain is permitted",
            problem("attach-hosts-wrong")),
        new Refused(
            "weight-sum-zero",
            "Sum of weights in the weighted_cluster must be greater than 0",
            problem("split-weights-zero")),
        new Refused(
            "weight-sum-too-large", "exceeds 4294967295", problem("split-weights-overflow")),
        new Refused("weight-missing", "Field 'weight' is missing", golden("canary")),
        new Refused(
            "back-off-max-below-base",
            "retry_policy.max_interval must greater than or equal to the base_interval",
            problem("retry-attempts")),
        new Refused(
            "load-balancing-policy-with-subsets",
            "load_balancing_policy cannot be combined with lb_subset_config",
            golden("load-balancer")),
        new Refused(
            "load-balancing-policy-with-locality",
            "load_balancing_policy cannot be combined with partial fields",
            golden("load-balancer")),
        new Refused(
            "maglev-table-not-prime",
            "The table size of maglev must be prime number",
            problem("hash-table")),
        new Refused(
            "max-requests-per-connection-twice",
            "Only one of max_requests_per_connection from Cluster or HttpProtocolOptions",
            golden("connection-pool")),
        new Refused(
            "eds-config-of-static-cluster",
            "eds_cluster_config set in a non-EDS cluster",
            golden("sidecar-inbound")),
        new Refused("duplicate-cluster", "duplicate cluster 'known'", golden("several-ports")),
        new Refused(
            "several-health-checks",
            "health check at index 0 is missing a name",
            golden("health-active-http")),
        new Refused("health-check-incomplete", "UnhealthyThreshold: value is required", FIELDS),
        new Refused(
            "host-name-among-endpoints", "malformed IP address", problem("backend-with-host-name")),
        new Refused(
            "auto-config-without-tls", "which has a non-ALPN transport socket", golden("grpc")),
        new Refused("duplicate-upgrade", "Duplicate upgrade WebSocket", golden("upgrade")),
        new Refused(
            "two-rewrites",
            "Specify only one of prefix_rewrite, regex_rewrite or path_rewrite_policy",
            problem("route-rewrite")),
        new Refused(
            "mirror-without-target",
            "Exactly one of cluster or cluster_header in request mirror policy",
            problem("mirror-without-target")),
        new Refused(
            "mirror-of-two-targets",
            "Only one of cluster 'other' or cluster_header 'x-mirror'",
            problem("mirror-of-two")),
        new Refused(
            "mirror-to-unknown-cluster",
            "unknown shadow cluster 'nowhere'",
            golden("mirror-unknown")),
        new Refused(
            "route-to-unknown-cluster",
            "unknown cluster 'nowhere'",
            problem("split-unknown-version")),
        new Refused(
            "local-rate-limit-fill-too-fast",
            "local rate limit token bucket fill timer must be >= 50ms",
            problem("rate-limit-wrong")),
        new Refused(
            "rate-limit-service-without-domain",
            "RateLimitValidationError.Domain: value length must be at least 1",
            problem("gateway-rate-limit-service")),
        new Refused(
            "regex-that-re2-does-not-read", "invalid perl operator: (?=", problem("route-regexes")),
        new Refused("route-prefix-with-query", "PathSeparatedPrefix: value does not match", FIELDS),
        new Refused(
            "response-body-too-long",
            "response body size is 4097 bytes; maximum is 4096",
            problem("route-respond-body-too-long")),
        new Refused(
            "per-route-configuration-of-unknown-filter",
            "Didn't find a registered implementation for 'sluice.filters.http.unknown'",
            golden("fault")),
        new Refused(
            "partial-wildcard-server-name",
            "partial wildcards are not supported in \"server_names\"",
            problem("gateway-listeners")),
        new Refused(
            "duplicate-listener-address",
            "'b' has duplicate address '127.0.0.1:10000'",
            golden("gateway-port-taken")),
        new Refused(
            "terminal-filter-not-last",
            "terminal filter named router of type envoy.filters.http.router must be the last",
            golden("fault")));
  }

  /** Envoy 1.40 takes these. */
  static Stream<Accepted> accepted() {
    return Stream.of(
        new Accepted(
            "partial-wildcard-domain",
            "the domain is taken to the letter, and no request ever has it",
            problem("attach-hosts-wrong")),
        new Accepted(
            "per-route-configuration-of-absent-filter",
            "it is without effect: so all filters are installed, and routes switch them on",
            golden("fault")),
        new Accepted(
            "rate-limit-service-of-unknown-cluster",
            "every request fares as onError says; so the Cluster is there before the service is",
            golden("global-rate-limit")),
        new Accepted(
            "static-assignment-for-another-name",
            "the name is not looked at where the endpoints stand in the Cluster",
            golden("sidecar-inbound")));
  }

  private static final String FIELDS = "java/dev/sluice/translate/check/FieldCheckerTest.java";

  private static String problem(String name) {
    return "resources/problems/" + name + ".txt";
  }

  private static String golden(String folder) {
    return "resources/golden/" + folder;
  }

  private static String attach(String test) {
    return "java/dev/sluice/policy/attach/" + test + ".java";
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void withoutItsGuardEnvoyRefusesIt(Refused refused) throws IOException {
    assertThat(EnvoyProcess.validate("refused-" + refused.name, bootstrap(refused.name)))
        .hasValueSatisfying(said -> assertThat(said).contains(refused.words));
    assertThat(GUARDS.resolve(refused.guard)).exists();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("accepted")
  void withoutItsGuardEnvoyAcceptsWhatCannotWork(Accepted accepted) throws IOException {
    assertThat(EnvoyProcess.validate("accepted-" + accepted.name, bootstrap(accepted.name)))
        .as("accepted by Envoy 1.40; the guard is kept because %s", accepted.instead)
        .isEmpty();
    assertThat(GUARDS.resolve(accepted.guard)).exists();
  }

  @Test
  void everyFileIsShownToEnvoy() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<String> names =
          files
              .map(file -> String.valueOf(file.getFileName()))
              .filter(file -> file.endsWith(".yaml"))
              .map(file -> file.substring(0, file.length() - ".yaml".length()))
              .sorted()
              .toList();
      assertThat(names)
          .containsExactlyElementsOf(
              Stream.concat(refused().map(Refused::name), accepted().map(Accepted::name))
                  .collect(Collectors.toCollection(TreeSet::new)));
    }
  }

  /** An assignment comes by itself, so that only a running Envoy can refuse it. */
  @Test
  void anAssignmentForAnotherNameIsRefused() throws IOException {
    Path file =
        Files.createDirectories(Path.of("target", "envoy")).resolve("other-assignment.yaml");
    Files.writeString(
        file,
        """
        version_info: "1"
        resources:
          - "@type": type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment
            cluster_name: other
        """);
    String bootstrap =
        """
        node: {id: refused, cluster: refused}
        static_resources:
          clusters:
            - name: known
              type: EDS
              connect_timeout: 1s
              eds_cluster_config: {eds_config: {path_config_source: {path: %s}}}
        """
            .formatted(file.toAbsolutePath());
    try (EnvoyProcess envoy = EnvoyProcess.start("refused-other-assignment", bootstrap)) {
      envoy.expectComplaint("Unexpected EDS cluster|cluster\\.known\\.update_rejected");
      envoy.awaitTrue("the refusal", () -> envoy.log().contains("Unexpected EDS cluster"));
    }
  }

  private static String bootstrap(String name) throws IOException {
    String text = Files.readString(FOLDER.resolve(name + ".yaml"));
    return text.startsWith("static_resources") ? text : ROUTES + text.indent(24);
  }

  private static final String ROUTES =
      """
      static_resources:
        clusters:
          - {name: known, connect_timeout: 1s}
          - {name: other, connect_timeout: 1s}
        listeners:
          - name: http
            address: {socket_address: {address: 127.0.0.1, port_value: 0}}
            filter_chains:
              - filters:
                  - name: http
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: http
                      http_filters:
                        - name: envoy.filters.http.local_ratelimit
                          typed_config:
                            "@type": type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit
                            stat_prefix: limit
                        - name: router
                          typed_config:
                            "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
                      route_config:
      """;
}
