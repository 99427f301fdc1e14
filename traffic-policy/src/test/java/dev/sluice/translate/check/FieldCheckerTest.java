package dev.sluice.translate.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import com.google.protobuf.TextFormat.ParseException;
import com.google.protobuf.TypeRegistry;
import dev.sluice.translate.PackedTypes;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.QuicKeepAliveSettings;
import io.envoyproxy.envoy.config.core.v3.SchemeHeaderTransformation;
import io.envoyproxy.envoy.config.core.v3.TlvEntry;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilterChainMatchPredicate;
import io.envoyproxy.envoy.config.route.v3.RateLimit;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.load_balancing_policies.client_side_weighted_round_robin.v3.ClientSideWeightedRoundRobin;
import io.envoyproxy.envoy.extensions.load_balancing_policies.maglev.v3.Maglev;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FieldCheckerTest {
  private static final String HOST = "name: 'a' domains: '*' ";
  private static final String ROUTE = HOST + "routes {match {prefix: '/'} route {cluster: 'c' ";
  private static final TypeRegistry TYPES = TypeRegistry.newBuilder().add(PackedTypes.ALL).build();

  private final FieldChecker checker = new FieldChecker(PackedTypes.ALL);

  static Stream<Arguments> broken() {
    return Stream.of(
        row(
            "a message that is required",
            Cluster.newBuilder(),
            "name: 'c' health_checks {timeout {seconds: 1} interval {seconds: 1}"
                + " unhealthy_threshold {value: 3} tcp_health_check {}}",
            "health_checks[0].healthy_threshold is required"),
        row(
            "a oneof that is required",
            VirtualHost.newBuilder(),
            HOST + "routes {match {prefix: '/'}}",
            "routes[0].action is required: one of its fields must be set"),
        row(
            "a string's least length",
            Cluster.newBuilder(),
            "connect_timeout {seconds: 1}",
            "name must not be empty"),
        row(
            "a string's least length within",
            VirtualHost.newBuilder(),
            "name: 'a' domains: '*' virtual_clusters {}",
            "virtual_clusters[0].name must not be empty"),
        row(
            "a string's most bytes",
            VirtualHost.newBuilder(),
            HOST
                + "routes {match {prefix: '/'} redirect {} request_headers_to_add {header"
                + " {key: 'k' value: '"
                + "é".repeat(8193)
                + "'}}}",
            "routes[0].request_headers_to_add[0].header.value must have at most 16384 bytes, has"
                + " 16386"),
        row(
            "a string's pattern",
            VirtualHost.newBuilder(),
            HOST + "routes {match {path_separated_prefix: '/a/'} redirect {}}",
            "routes[0].match.path_separated_prefix must match ^[^?#]+[^?#/]$"),
        row(
            "a string of a list",
            SchemeHeaderTransformation.newBuilder(),
            "scheme_to_overwrite: 'ftp'",
            "scheme_to_overwrite must be one of [http, https]"),
        row(
            "a header's name",
            VirtualHost.newBuilder(),
            ROUTE + "hash_policy {header {header_name: \"a\\nb\"}}}}",
            "routes[0].route.hash_policy[0].header.header_name has characters that no header name"
                + " has"),
        row(
            "a header's value",
            VirtualHost.newBuilder(),
            HOST
                + "routes {match {prefix: '/'} redirect {} request_headers_to_add {header"
                + " {key: 'k' value: \"a\\nb\"}}}",
            "routes[0].request_headers_to_add[0].header.value has characters that no header value"
                + " has"),
        row(
            "a number below its bound",
            Maglev.newBuilder(),
            "table_size {value: 5000012}",
            "table_size must be <= 5000011, is 5000012"),
        row(
            "a number at its bound",
            VirtualHost.newBuilder(),
            ROUTE + "retry_policy {rate_limited_retry_back_off {}}}}",
            "routes[0].route.retry_policy.rate_limited_retry_back_off.reset_headers must have at"
                + " least 1 item, has 0"),
        row(
            "an unsigned number of the upper half",
            ClusterLoadAssignment.newBuilder(),
            "cluster_name: 'c' endpoints {priority: 4294967295}",
            "endpoints[0].priority must be <= 128, is 4294967295"),
        row(
            "a double",
            Cluster.newBuilder(),
            "name: 'c' common_lb_config {healthy_panic_threshold {value: 101}}",
            "common_lb_config.healthy_panic_threshold.value must be >= 0.0 and <= 100.0, is 101.0"),
        row(
            "a wrapped double",
            ApiConfigSource.newBuilder(),
            "api_type: GRPC rate_limit_settings {fill_rate {value: 0}}",
            "rate_limit_settings.fill_rate must be > 0.0, is 0.0"),
        row(
            "a float",
            ClientSideWeightedRoundRobin.newBuilder(),
            "error_utilization_penalty {value: -1}",
            "error_utilization_penalty must be >= 0.0, is -1.0"),
        row(
            "a duration",
            Cluster.newBuilder(),
            "name: 'c' connect_timeout {}",
            "connect_timeout must be > 0s, is 0s"),
        row(
            "a duration that is required",
            VirtualHost.newBuilder(),
            ROUTE + "retry_policy {retry_back_off {max_interval {seconds: 1}}}}}",
            "routes[0].route.retry_policy.retry_back_off.base_interval is required"),
        row(
            "an enum's values",
            Cluster.newBuilder(),
            "name: 'c' lb_policy: 99",
            "lb_policy is not a known value: 99"),
        row(
            "an enum's values that are not allowed",
            SubjectAltNameMatcher.newBuilder(),
            "matcher {exact: 'a'}",
            "san_type is a value that is not allowed: 0"),
        row(
            "a constant",
            ListenerFilterChainMatchPredicate.newBuilder(),
            "any_match: false",
            "any_match must be true"),
        row(
            "a list's least items",
            VirtualHost.newBuilder(),
            "name: 'a'",
            "domains must have at least 1 item, has 0"),
        row(
            "a wrapped number",
            VirtualHost.newBuilder(),
            ROUTE + "rate_limits {actions {remote_address {}} stage {value: 11}}}}",
            "routes[0].route.rate_limits[0].stage must be <= 10, is 11"),
        row(
            "an item's own rule",
            VirtualHost.newBuilder(),
            "name: 'a' domains: \"a\\rb\"",
            "domains[0] has characters that no header value has"),
        row(
            "a map's keys",
            Metadata.newBuilder(),
            "filter_metadata {key: '' value {}}",
            "filter_metadata[\"\"] must not be empty"),
        row("bytes", TlvEntry.newBuilder(), "type: 1", "value must not be empty"),
        row(
            "a duration between two bounds",
            QuicKeepAliveSettings.newBuilder(),
            "initial_interval {nanos: 1000}",
            "initial_interval must be >= 0.001s or <= 0s, is 0.000001s"),
        row(
            "what is packed",
            Cluster.newBuilder(),
            "name: 'c' typed_extension_protocol_options {key: 'http' value {"
                + "[type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions]"
                + " {explicit_http_config {http2_protocol_options {"
                + "max_concurrent_streams {value: 0}}}}}}",
            "typed_extension_protocol_options[\"http\"].explicit_http_config.http2_protocol_options"
                + ".max_concurrent_streams must be >= 1 and <= 2147483647, is 0"));
  }

  private static Arguments row(String name, Message.Builder type, String text, String violation) {
    return Arguments.of(name, message(type, text), violation);
  }

  private static Message message(Message.Builder type, String text) {
    try {
      TextFormat.Parser.newBuilder().setTypeRegistry(TYPES).build().merge(text, type);
    } catch (ParseException e) {
      throw new IllegalArgumentException(text, e);
    }
    return type.build();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void whatEnvoyWouldRefuseIsNamed(String name, Message message, String violation) {
    assertThat(checker.check(message)).extracting(Violation::toString).containsExactly(violation);
  }

  @Test
  void allThatIsWrongIsToldAtOnce() {
    Message cluster = message(Cluster.newBuilder(), "connect_timeout {} lb_policy: 99");
    assertThat(checker.check(cluster)).hasSize(3);
  }

  @Test
  void whatKeepsTheRulesIsRight() {
    Message host = message(VirtualHost.newBuilder(), ROUTE + "timeout {seconds: 1}}}");
    assertThat(checker.check(host)).isEmpty();
  }

  @Test
  void bytesThatAreNotOfThePackedTypeAreToldOf() {
    Any broken =
        Any.newBuilder()
            .setTypeUrl("type.googleapis.com/" + LocalRateLimit.getDescriptor().getFullName())
            .setValue(ByteString.copyFromUtf8("x"))
            .build();
    assertThat(checker.check(broken))
        .extracting(Violation::toString)
        .containsExactly("value is not a " + LocalRateLimit.getDescriptor().getFullName());
  }

  @Test
  void everyRuleOfTheTypesThatAreSentIsOfAKnownKind() {
    Set<Descriptor> types = new HashSet<>();
    List.of(
            Cluster.getDescriptor(),
            ClusterLoadAssignment.getDescriptor(),
            RouteConfiguration.getDescriptor(),
            Listener.getDescriptor(),
            Secret.getDescriptor(),
            RateLimit.getDescriptor(),
            HttpConnectionManager.getDescriptor())
        .forEach(type -> collect(type, types));
    PackedTypes.ALL.forEach(type -> collect(type, types));
    assertThat(types).hasSizeGreaterThan(300);
    for (Descriptor type : types) {
      assertThatCode(() -> MessageRules.of(type)).as(type.getFullName()).doesNotThrowAnyException();
    }
  }

  private static void collect(Descriptor type, Set<Descriptor> types) {
    if (types.add(type)) {
      for (FieldDescriptor field : type.getFields()) {
        if (field.getJavaType() == JavaType.MESSAGE) {
          collect(field.getMessageType(), types);
        }
      }
    }
  }
}
