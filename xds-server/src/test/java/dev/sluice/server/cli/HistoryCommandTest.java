package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.ServiceId;
import dev.sluice.server.admin.FakeViews;
import dev.sluice.server.snapshot.Reason;
import dev.sluice.server.snapshot.Reason.Kind;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Revision;
import dev.sluice.server.snapshot.Revision.Counts;
import dev.sluice.server.snapshot.Revision.Summary;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class HistoryCommandTest {
  @RegisterExtension private final FakeAdmin admin = new FakeAdmin();

  @BeforeEach
  void remember() {
    admin.views.history =
        List.of(
            revision(1, "start", FakeViews.NOON, List.of()),
            revision(
                2,
                "TrafficPolicy shop/orders",
                FakeViews.NOON.plusSeconds(60),
                List.of(
                    reason(
                        Kind.DOCUMENT,
                        "TrafficPolicy shop/orders",
                        "changed in orders.yaml:3:1",
                        "orders.shop"))),
            revision(
                3,
                "service orders.shop, service pay.money",
                FakeViews.NOON.plusSeconds(90),
                List.of(
                    reason(Kind.SERVICE, "orders.shop", "10.0.0.1:80 came (x/y)", "orders.shop"),
                    reason(Kind.SERVICE, "pay.money", "gone", "pay.money"))));
  }

  private static Reason reason(Kind kind, String name, String text, String service) {
    return new Reason(
        kind, name, text, new TreeSet<>(List.of(ServiceId.parse(service, "default"))));
  }

  private static Revision revision(long id, String cause, Instant at, List<Reason> reasons) {
    Summary summary =
        new Summary(
            Map.of(
                ResourceType.ROUTE, new Counts(1, 0, List.of("80")),
                ResourceType.ENDPOINT, new Counts(11, 1, List.of("orders.shop", "pay.money"))));
    return new Revision(id, cause, reasons, at, Map.of(FakeViews.gateway(), summary));
  }

  private Sluice.Answer history(String... arguments) {
    List<String> all = new ArrayList<>(List.of("history", "--server", admin.url()));
    all.addAll(List.of(arguments));
    return Sluice.run(all.toArray(String[]::new));
  }

  @Test
  void theNewestComesFirstWithItsCause() {
    Sluice.Answer answer = history();

    assertThat(answer.exitCode()).isZero();
    assertThat(answer.out().lines())
        .containsExactly(
            "REVISION  AT                    GROUPS  CHANGED                 CAUSE",
            "3         2026-01-31T12:01:30Z  1       endpoints 12, routes 1"
                + "  service orders.shop: 10.0.0.1:80 came (x/y) (and 1 more)",
            "2         2026-01-31T12:01:00Z  1       endpoints 12, routes 1"
                + "  TrafficPolicy shop/orders: changed in orders.yaml:3:1",
            "1         2026-01-31T12:00:00Z  1       endpoints 12, routes 1  start");
  }

  @Test
  void wideTellsEachCauseAndEachGroup() {
    assertThat(history("-o", "wide", "--limit", "1").out().lines())
        .containsExactly(
            "revision 3 at 2026-01-31T12:01:30Z",
            "  service orders.shop: 10.0.0.1:80 came (x/y)",
            "  service pay.money: gone",
            "    gateway front-proxy.shop: endpoints 11 changed, 1 removed: orders.shop, pay.money"
                + " and 10 more",
            "    gateway front-proxy.shop: routes 1 changed, 0 removed: 80");
  }

  @Test
  void ofOneServiceOnlyWhatItHadAPartIn() {
    assertThat(history("pay").out()).contains("\n3 ").doesNotContain("\n2 ", "\n1 ");
    assertThat(history("orders.shop").out()).contains("\n3 ", "\n2 ").doesNotContain("\n1 ");
    assertThat(history("orders.money").out())
        .isEqualTo("Nothing of that kind is among what the server remembers.\n");
  }

  @Test
  void sinceATimeOrForHowLong() {
    assertThat(history("--since", "2026-01-31T12:01:00Z").out())
        .contains("\n3 ", "\n2 ")
        .doesNotContain("\n1 ");
    long age = Duration.between(FakeViews.NOON.plusSeconds(75), Instant.now()).toHours() + 1;
    assertThat(history("--since", age + "h").out()).contains("\n3 ");
    assertThat(history("--since", "1s").out()).doesNotContain("\n3 ");
  }

  @Test
  void whatCannotBeIsRefusedInOneLine() {
    Sluice.Answer odd = history("--since", "noon");
    assertThat(odd.exitCode()).isEqualTo(2);
    assertThat(odd.err()).contains("\"noon\" is no time; write 2026-01-31T12:00:00Z");
    assertThat(history("--limit", "0").err()).contains("limit \"0\" is not within 1..100");
  }

  @Test
  void jsonIsTheAnswerOfTheServer() {
    assertThat(history("-o", "json", "--limit", "1").out())
        .contains(
            "\"revision\" : 3",
            "\"kind\" : \"service\"",
            "\"name\" : \"pay.money\"",
            "\"type\" : \"endpoints\"");
    admin.views.history = List.of();
    assertThat(history().out()).isEqualTo("The server has told no proxy of anything yet.\n");
  }
}
