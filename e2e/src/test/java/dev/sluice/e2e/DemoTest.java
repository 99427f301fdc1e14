package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.app.SluiceServer;
import dev.sluice.server.demo.Demo;
import dev.sluice.server.demo.DemoSettings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's first command, by itself. */
@NeedsEnvoy
class DemoTest {
  @TempDir private Path temporary;

  @Test
  void theRehearsalSeesEveryShareAsAskedAndNoRequestFail() throws Exception {
    Path work = Files.createDirectory(temporary.resolve("work"));
    Path documents = temporary.resolve("documents");
    Path examples = EnvoyProcess.repository().resolve(Path.of("examples", "quickstart"));
    DemoSettings settings =
        new DemoSettings(EnvoyProcess.binary(), examples, documents, true, work);
    ByteArrayOutputStream seen = new ByteArrayOutputStream();

    boolean asAsked;
    try (PrintStream out = new PrintStream(seen, true, StandardCharsets.UTF_8)) {
      asAsked = new Demo(settings, SluiceServer::start, out).once();
    }

    String text = seen.toString(StandardCharsets.UTF_8);
    assertThat(asAsked).as(text).isTrue();
    assertThat(text).contains("100/0", "90/10", "50/50", "0/100").endsWith(" 0 failed requests\n");
    assertThat(documents.resolve("policy.yaml")).content().contains("weights: {v1: 0, v2: 100}");
    assertThat(work).as("logs and the like").doesNotExist();
  }
}
