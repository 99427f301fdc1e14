package dev.sluice.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test looks into the image. Where it was not built the test is skipped, with the command that
 * builds it; with the system property {@code peers=required} it fails instead.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsImage.Condition.class)
@interface NeedsImage {
  /** Whether the image is there. */
  final class Condition extends PeersCondition {
    Condition() {
      super(
          Optional.of(Image.TAR).filter(Files::exists),
          "no image found; build it with: mvn package -Pimage -DskipTests",
          required());
    }
  }
}
