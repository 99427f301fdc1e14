package dev.sluice.server.source.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.source.Beginnings;
import dev.sluice.source.DocumentReader.Reading;
import dev.sluice.spec.InstanceOverride;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BeginningsTest {
  private static final Instant WRITTEN = Instant.parse("2026-03-01T10:00:00Z");
  private static final String OVERRIDE =
      """
      apiVersion: sluice.dev/v1
      kind: InstanceOverride
      metadata: {name: out, namespace: shop}
      spec: {service: orders, match: {address: 10.0.0.1}, state: out, expiresIn: 1h}
      """;

  @TempDir Path folder;

  @Test
  void anOverridesTimeCountsFromWhenItsFileWasWritten() throws IOException {
    Path file = Files.writeString(folder.resolve("out.yaml"), OVERRIDE);
    Files.setLastModifiedTime(file, FileTime.from(WRITTEN));

    Reading reading = Beginnings.of(read(), file);

    assertThat(override(reading).expiresAt()).contains(WRITTEN.plusSeconds(3600));
  }

  @Test
  void anOverrideWhoseFileIsGoneAlreadyBeginsNow() {
    Instant before = Instant.now();

    Reading reading = Beginnings.of(read(), folder.resolve("gone.yaml"));

    assertThat(override(reading).expiresAt().orElseThrow())
        .isBetween(before.plusSeconds(3600), Instant.now().plusSeconds(3600));
  }

  private static Reading read() {
    return DocumentParser.reader().read("out.yaml", OVERRIDE);
  }

  private static InstanceOverride override(Reading reading) {
    return (InstanceOverride) reading.items().getFirst().document().orElseThrow();
  }
}
