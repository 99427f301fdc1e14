package dev.sluice.server.conditions.consul;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.server.conditions.Condition;
import dev.sluice.server.conditions.Condition.Holds;
import dev.sluice.server.conditions.StatusObject;
import dev.sluice.server.conditions.WantedStatus;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatusTextTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final Instant LATER = NOW.plusSeconds(60);

  @Test
  void itIsJsonForPeople() {
    assertThat(StatusText.of(wanted(List.of(), "orders"), "", NOW))
        .isEqualTo(
            """
            {
              "key": "sluice/policies/a",
              "modifyIndex": 7,
              "problems": [],
              "documents": [
                {
                  "kind": "TrafficPolicy",
                  "namespace": "shop",
                  "name": "orders",
                  "status": {
                    "observedGeneration": 7,
                    "conditions": [
                      {
                        "type": "Accepted",
                        "status": "True",
                        "reason": "Accepted",
                        "message": "",
                        "observedGeneration": 7,
                        "lastTransitionTime": "2026-01-02T03:04:05Z"
                      }
                    ],
                    "proxies": {
                      "acknowledged": 1,
                      "concerned": 2
                    },
                    "programmed": "1/2",
                    "split": "v1=90,v2=10"
                  }
                }
              ]
            }
            """);
  }

  @Test
  void eachDocumentsConditionsKeepSinceWhen() {
    String before = StatusText.of(wanted(List.of(), "orders"), "", NOW);
    assertThat(StatusText.of(wanted(List.of(), "orders"), before, LATER)).isEqualTo(before);
    assertThat(StatusText.of(wanted(List.of(), "carts", "orders"), before, LATER))
        .contains("2026-01-02T03:04:05Z", "2026-01-02T03:05:05Z");
    assertThat(StatusText.of(wanted(List.of(), "orders"), "{\"documents\": [3, {}]}", LATER))
        .contains("2026-01-02T03:05:05Z");
  }

  @Test
  void itSaysWhereAProblemIsAndOfVeryManyHowManyMore() {
    Location file = Location.ofFile("consul/dc1/sluice/policies/a");
    assertThat(
            StatusText.of(
                wanted(
                    List.of(
                        Problem.error(new Location(file.file(), 3, 5), "$.spec", "is wrong"),
                        Problem.error(file, "$", "is no UTF-8"))),
                "",
                NOW))
        .contains("\"line\": 3,", "\"column\": 5,", "\"documents\": []")
        .doesNotContain("severity", "\"line\": 0");
    List<Problem> many =
        IntStream.range(0, 123).mapToObj(i -> Problem.error(file, "$", "wrong " + i)).toList();
    assertThat(StatusText.of(wanted(many), "", NOW))
        .contains("wrong 99", "and 23 more")
        .doesNotContain("wrong 100");
  }

  @Test
  void itIsKnownAgain() {
    String text = StatusText.of(wanted(List.of()), "", NOW);
    assertThat(StatusText.isOf("sluice/policies/a", text)).isTrue();
    assertThat(StatusText.isOf("sluice/policies/b", text)).isFalse();
    assertThat(StatusText.isOf("sluice/policies/a", "sluice/policies/a")).isFalse();
    assertThat(StatusText.isOf("sluice/policies/a", "")).isFalse();
  }

  private static WantedStatus wanted(List<Problem> problems, String... names) {
    SortedMap<DocumentKey, StatusObject> documents = new TreeMap<>();
    for (String name : names) {
      documents.put(
          new DocumentKey(Kind.TRAFFIC_POLICY, "shop", name),
          new StatusObject(
              7,
              List.of(new Condition("Accepted", Holds.TRUE, "Accepted", "")),
              1,
              2,
              "v1=90,v2=10"));
    }
    return new WantedStatus("sluice/policies/a", "uid", 7, problems, documents);
  }
}
