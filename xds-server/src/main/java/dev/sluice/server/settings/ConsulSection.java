package dev.sluice.server.settings;

import dev.sluice.policy.parse.YamlRecords.Bound;
import dev.sluice.problem.Problem;
import dev.sluice.server.consul.Addresses;
import dev.sluice.server.consul.ConsulAccess;
import dev.sluice.server.consul.ConsulAccess.Consistency;
import dev.sluice.server.consul.ConsulAccess.Scope;
import dev.sluice.server.consul.ConsulAccess.Tls;
import dev.sluice.server.consul.ConsulAccess.Token;
import dev.sluice.server.consul.StatusNames;
import dev.sluice.server.settings.ConsulSettings.Watched;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code sources.consul}. */
final class ConsulSection {
  private static final Pattern WHOLE = Pattern.compile("\\$\\.sources\\.consul(\\[\\d+])?");
  private static final Pattern TOKEN = Pattern.compile("[!-~]+");
  private static final String NO_STATUSES = "none";
  private static final int MOST_PORT = 65_535;

  private ConsulSection() {}

  /** The data centres that the section names; what is wrong in them is as if it were left out. */
  static List<ConsulSettings> datacenters(List<SluiceYaml.Consul> given, Path file) {
    return given.stream().map(one -> datacenter(one, file)).toList();
  }

  private static ConsulSettings datacenter(SluiceYaml.Consul given, Path file) {
    return new ConsulSettings(
        name(given),
        new ConsulAccess(
            address(given.address()).orElse(ConsulSettings.DEFAULT_ADDRESS),
            token(given, file),
            tls(given.tls(), file),
            Optional.ofNullable(given.datacenter()),
            new Scope(
                Optional.ofNullable(given.consulNamespace()),
                Optional.ofNullable(given.partition())),
            Objects.requireNonNullElse(given.consistency(), Consistency.DEFAULT)),
        Objects.requireNonNullElse(given.namespace(), ConsulSettings.DEFAULT_NAMESPACE),
        Objects.requireNonNullElse(given.port(), ConsulSettings.DEFAULT_PORT),
        given.services(),
        given.tags(),
        Objects.requireNonNullElse(given.watch(), Watched.ALL),
        Objects.requireNonNullElse(given.addresses(), Addresses.USUAL),
        Optional.ofNullable(given.policies()).map(ConsulSection::folder),
        statuses(given),
        Objects.requireNonNullElse(given.holdEmpty(), ConsulSettings.DEFAULT_HOLD_EMPTY),
        Math.max(
            1,
            Objects.requireNonNullElse(given.connections(), ConsulSettings.DEFAULT_CONNECTIONS)));
  }

  private static String folder(String prefix) {
    return prefix.endsWith("/") ? prefix : prefix + "/";
  }

  /** Those given, else those beside the documents. */
  private static Optional<StatusNames> statuses(SluiceYaml.Consul given) {
    if (given.policies() == null || NO_STATUSES.equals(given.statuses())) {
      return Optional.empty();
    }
    String policies = folder(given.policies());
    String usual = policies.substring(0, policies.length() - 1) + "-status";
    String statuses = Objects.requireNonNullElse(given.statuses(), usual);
    return Optional.of(new StatusNames(policies, folder(statuses)));
  }

  /** Its name, else its data centre's. */
  private static String name(SluiceYaml.Consul given) {
    String datacenter = Objects.requireNonNullElse(given.datacenter(), ConsulSettings.DEFAULT_NAME);
    return Objects.requireNonNullElse(given.name(), datacenter);
  }

  private static Optional<URI> address(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    try {
      URI address = new URI(text);
      boolean usable =
          address.getHost() != null
              && ("http".equals(address.getScheme()) || "https".equals(address.getScheme()))
              && address.getQuery() == null;
      return usable ? Optional.of(address) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static Token token(SluiceYaml.Consul given, Path file) {
    if (given.tokenFile() != null) {
      return new Token.InFile(file.resolveSibling(given.tokenFile()));
    }
    return given.token() == null || given.token().isEmpty()
        ? new Token.None()
        : new Token.Given(given.token());
  }

  private static Tls tls(SluiceYaml.@Nullable ConsulTls given, Path file) {
    if (given == null) {
      return Tls.USUAL;
    }
    boolean pair = given.cert() != null && given.key() != null;
    return new Tls(
        beside(file, given.ca()),
        pair ? beside(file, given.cert()) : null,
        pair ? beside(file, given.key()) : null);
  }

  private static @Nullable Path beside(Path file, @Nullable String path) {
    return path == null ? null : file.resolveSibling(path);
  }

  /** What is wrong with values that could be read. */
  static List<Problem> problems(
      SluiceYaml.@Nullable Sources sources, List<ConsulSettings> datacenters, Bound<?> bound) {
    if (sources == null || bound.lost().stream().anyMatch(lost -> WHOLE.matcher(lost).matches())) {
      return List.of(); // Their numbers are not those of the file.
    }
    List<Problem> problems = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < datacenters.size(); i++) {
      SectionFindings findings = SectionFindings.at("$.sources.consul", i, bound);
      ConsulSettings settings = datacenters.get(i);
      SluiceYaml.Consul given = sources.consul().get(i);
      var _ = findings.isDnsLabel("name", settings.name());
      var _ = findings.isDnsLabel("namespace", settings.namespace());
      if (!names.add(settings.name())) {
        findings.add(
            "name",
            "another one is called %s already; give each a name of its own"
                .formatted(settings.name()));
      }
      written(findings, given);
      files(findings, settings.access());
      problems.addAll(findings.problems());
    }
    return problems;
  }

  private static void written(SectionFindings findings, SluiceYaml.Consul given) {
    if (given.address() != null && address(given.address()).isEmpty()) {
      findings.add(
          "address",
          "\"%s\" is no address of Consul's HTTP API; write http://HOST:8500 or https://HOST:8501"
              .formatted(given.address()));
    }
    if (given.token() != null && given.tokenFile() != null) {
      findings.add("token", "is given beside tokenFile; leave out one of the two");
    }
    if (given.token() != null && !TOKEN.matcher(given.token()).matches()) {
      findings.add("token", "is no token's secret ID; write one, or leave it out");
    }
    prefix(findings, "policies", given.policies());
    prefix(findings, "statuses", given.statuses());
    if (given.statuses() != null && given.policies() == null) {
      findings.add("statuses", "is for documents; write policies too, or leave it out");
    }
    if (given.statuses() != null && statuses(given).filter(it -> !it.areApart()).isPresent()) {
      findings.add(
          "statuses",
          "is not apart from policies, so that statuses would be read as documents; write another"
              + " beginning, such as sluice/policies-status");
    }
    if (given.port() != null && (given.port() < 1 || given.port() > MOST_PORT)) {
      findings.add("port", given.port() + " is no port; write a number from 1 to " + MOST_PORT);
    }
    findings.positive("connections", given.connections());
    SluiceYaml.ConsulTls tls = given.tls();
    if (tls != null && (tls.cert() == null) != (tls.key() == null)) {
      findings.add("tls", "has one of cert and key; write both, or none");
    }
    if (tls != null && given.address() != null && given.address().startsWith("http:")) {
      findings.add("tls", "is for addresses with https; change the address, or leave it out");
    }
  }

  private static void prefix(SectionFindings findings, String name, @Nullable String prefix) {
    if (prefix != null && prefix.replace("/", "").isEmpty()) {
      findings.add(name, "is empty; write what the keys begin with, such as sluice/" + name);
    }
    if (prefix != null && prefix.startsWith("/")) {
      findings.add(name, "begins with a /, which Consul's keys do not; leave it out");
    }
  }

  private static void files(SectionFindings findings, ConsulAccess access) {
    if (access.token() instanceof Token.InFile(Path file)) {
      findings.file("tokenFile", file);
    }
    findings.file("tls.ca", access.tls().ca());
    findings.file("tls.cert", access.tls().cert());
    findings.file("tls.key", access.tls().key());
  }
}
