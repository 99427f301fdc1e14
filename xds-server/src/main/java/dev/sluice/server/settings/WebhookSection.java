package dev.sluice.server.settings;

import dev.sluice.policy.parse.YamlRecords.Bound;
import dev.sluice.problem.Problem;
import dev.sluice.server.transport.TlsFiles;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code webhook}. */
final class WebhookSection {
  private WebhookSection() {}

  /** What the section says; null where it is not there. */
  static @Nullable WebhookSettings webhook(SluiceYaml.@Nullable Webhook webhook, Path file) {
    return webhook == null
        ? null
        : new WebhookSettings(
            webhook.address(),
            new TlsFiles(
                file.resolveSibling(webhook.tls().cert()),
                file.resolveSibling(webhook.tls().key()),
                null));
  }

  /** What is wrong with values that could be read. */
  static List<Problem> problems(@Nullable WebhookSettings webhook, Bound<?> bound) {
    SectionFindings findings = new SectionFindings("webhook", bound);
    if (webhook != null && !findings.isLost("tls")) {
      webhook
          .tls()
          .wrong(InstantSource.system())
          .forEach(wrong -> findings.add("tls." + wrong.part(), wrong.message()));
    }
    return findings.problems();
  }
}
