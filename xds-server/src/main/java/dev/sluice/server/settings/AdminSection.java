package dev.sluice.server.settings;

import dev.sluice.policy.parse.YamlRecords.Bound;
import dev.sluice.problem.Problem;
import dev.sluice.server.settings.AdminToken.May;
import dev.sluice.server.settings.AdminToken.Secret;
import dev.sluice.server.settings.ServerSettings.Writing;
import dev.sluice.server.transport.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code admin}, but for its address. */
final class AdminSection {
  private static final String TOKENS = "$.admin.tokens";

  private AdminSection() {}

  static @Nullable Writing writes(SluiceYaml.@Nullable Admin admin) {
    return admin == null || admin.writes() == null
        ? null
        : admin.writes() ? Writing.ON : Writing.OFF;
  }

  /** Who may use it; null where the section says nothing of that. */
  static @Nullable AdminAccess access(SluiceYaml.@Nullable Admin admin, Path file) {
    if (admin == null || (admin.tls() == null && admin.tokens().isEmpty())) {
      return null;
    }
    SluiceYaml.Tls tls = admin.tls();
    return new AdminAccess(
        tls == null ? null : XdsSection.tls(tls, file),
        admin.tokens().stream().map(token -> token(token, file)).toList());
  }

  private static AdminToken token(SluiceYaml.Token given, Path file) {
    String text = Objects.requireNonNullElse(given.token(), "");
    return new AdminToken(
        given.name(),
        given.tokenFile() == null
            ? new Secret.Given(text)
            : new Secret.InFile(file.resolveSibling(given.tokenFile())),
        Objects.requireNonNullElse(given.may(), May.READ));
  }

  /** What is wrong with values that could be read. */
  static List<Problem> problems(
      SluiceYaml.@Nullable Admin admin, @Nullable AdminAccess access, Bound<?> bound) {
    if (admin == null) {
      return List.of();
    }
    SectionFindings findings = new SectionFindings("admin", bound);
    AdminAccess given = Objects.requireNonNullElse(access, AdminAccess.OPEN);
    if (admin.address() != null && !findings.isLost("tls") && !findings.isLost("tokens")) {
      given.wrongAt(admin.address()).ifPresent(wrong -> findings.add("address", wrong));
    }
    TlsFiles tls = given.tls();
    if (tls != null && !findings.isLost("tls")) {
      tls.wrong(InstantSource.system())
          .forEach(wrong -> findings.add("tls." + wrong.part(), wrong.message()));
    }
    List<Problem> problems = new ArrayList<>(findings.problems());
    boolean counted =
        bound.lost().stream().noneMatch(lost -> lost.matches("\\$\\.admin(\\.tokens(\\[\\d+])?)?"));
    if (counted) {
      problems.addAll(tokens(admin.tokens(), given.tokens(), bound));
    }
    return problems;
  }

  private static List<Problem> tokens(
      List<SluiceYaml.Token> written, List<AdminToken> tokens, Bound<?> bound) {
    List<Problem> problems = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Set<String> secrets = new HashSet<>();
    for (int i = 0; i < tokens.size(); i++) {
      SectionFindings findings = SectionFindings.at(TOKENS, i, bound);
      SluiceYaml.Token given = written.get(i);
      AdminToken token = tokens.get(i);
      if (findings.isDnsLabel("name", token.name()) && !names.add(token.name())) {
        findings.add("name", "another one is called %s already".formatted(token.name()));
      }
      if ((given.token() == null) == (given.tokenFile() == null)) {
        String key = given.token() == null ? "tokenFile" : "token";
        findings.add(key, "a token is given by one of token and tokenFile; write one of them");
      } else {
        secret(token, given.tokenFile() == null ? "token" : "tokenFile", findings)
            .filter(text -> !secrets.add(text))
            .ifPresent(
                _ -> findings.add("name", "has another one's token; give each one of its own"));
      }
      problems.addAll(findings.problems());
    }
    return problems;
  }

  private static Optional<String> secret(AdminToken token, String key, SectionFindings findings) {
    try {
      return Optional.of(token.secret().read());
    } catch (IOException e) {
      findings.add(key, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
