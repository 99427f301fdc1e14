package dev.sluice.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.problem.Location;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OriginTest {
  private final Location start = new Location("a.yaml", 1, 1);
  private final Location split = new Location("a.yaml", 7, 3);
  private final Location weight = new Location("a.yaml", 8, 20);
  private final Location label = new Location("a.yaml", 9, 9);
  private final Origin origin =
      new Origin(
          start,
          Map.of(
              "$.spec.split", split,
              "$.spec.split.weights.v1", weight,
              "$.spec.versions[0].labels[\"app.kubernetes.io/name\"]", label));

  @Test
  void aValueIsFoundAtItsOwnPlace() {
    assertThat(origin.at("$.spec.split.weights.v1")).isEqualTo(weight);
    assertThat(origin.at("$.spec.versions[0].labels[\"app.kubernetes.io/name\"]")).isEqualTo(label);
  }

  @Test
  void aValueThatIsNotWrittenIsFoundAtItsNearestParent() {
    assertThat(origin.at("$.spec.split.weights.v2")).isEqualTo(split);
    assertThat(origin.at("$.spec.split.routes[3].match[\"x.y\"].z")).isEqualTo(split);
  }

  @Test
  void whatHasNoParentIsFoundAtTheDocumentsStart() {
    assertThat(origin.at("$.metadata.name")).isEqualTo(start);
    assertThat(Origin.of(start).at("$")).isEqualTo(start);
  }
}
