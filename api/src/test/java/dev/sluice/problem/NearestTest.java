package dev.sluice.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
  private static final List<String> KEYS = List.of("retry", "routes", "split", "circuitBreaker");

  @Test
  void findsWhatIsMisspelt() {
    assertThat(Nearest.to("rety", KEYS)).contains("retry");
    assertThat(Nearest.to("retires", KEYS)).contains("retry");
    assertThat(Nearest.to("circuitbreaker", KEYS)).contains("circuitBreaker");
    assertThat(Nearest.to("slpit", KEYS)).contains("split");
  }

  @Test
  void findsNothingForWhatIsUnlikeEverything() {
    assertThat(Nearest.to("maxConnections", KEYS)).isEmpty();
    assertThat(Nearest.to("x".repeat(10_000), KEYS)).isEmpty();
  }
}
