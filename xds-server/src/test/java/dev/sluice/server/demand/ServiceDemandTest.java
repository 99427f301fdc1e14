package dev.sluice.server.demand;

import static dev.sluice.server.demand.Groups.group;
import static dev.sluice.server.demand.Groups.id;
import static dev.sluice.server.demand.Groups.policyDocument;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.SourceName;
import dev.sluice.node.InboundPort;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.OutboundTcp;
import dev.sluice.node.Role;
import dev.sluice.spec.Documents;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ServiceDemandTest {
  private static final SourceName FILES = new SourceName("file", "files");
  private static final SourceName CONSUL = new SourceName("consul", "dc1");
  private static final SourceName OTHER = new SourceName("consul", "dc2");
  private static final long LINGER = ServiceDemand.LINGER.toNanos();

  /** Times may be negative, and run over the highest number. */
  private static final long START = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(10);

  private final ServiceDemand demand = new ServiceDemand();
  private final AtomicInteger told = new AtomicInteger();

  private List<String> services() {
    return demand.current().services().stream().map(ServiceId::toString).toList();
  }

  @Test
  void whatDocumentsNameIsWanted() {
    demand.documents(
        FILES, List.of(policyDocument("a", "stock"), policyDocument("b", "pay.money")), START);
    demand.documents(CONSUL, List.of(policyDocument("c", "orders")), START);

    assertThat(services()).containsExactlyInAnyOrder("orders.shop", "pay.money", "stock.shop");
    assertThat(demand.current().has(id("stock"))).isTrue();
    assertThat(demand.current().has(id("other"))).isFalse();
  }

  @Test
  void whatNobodyNamesAnyMoreStaysForAWhile() {
    demand.documents(FILES, List.of(policyDocument("a", "stock")), START);
    demand.documents(FILES, List.of(policyDocument("a", "orders")), START + 1);
    assertThat(services()).containsExactly("orders.shop", "stock.shop");

    demand.look(Documents.EMPTY, START + LINGER);
    assertThat(services()).containsExactly("orders.shop", "stock.shop");
    demand.look(Documents.EMPTY, START + 1 + LINGER);
    assertThat(services()).containsExactly("orders.shop");
  }

  @Test
  void whatIsNamedAgainInTimeStays() {
    demand.documents(FILES, List.of(policyDocument("a", "stock")), START);
    demand.documents(FILES, List.of(), START);
    demand.documents(FILES, List.of(policyDocument("a", "stock")), START + LINGER - 1);
    demand.documents(FILES, List.of(), START + LINGER);
    long version = demand.current().version();

    demand.look(Documents.EMPTY, START + LINGER + LINGER - 1);
    assertThat(services()).containsExactly("stock.shop");
    assertThat(demand.current().version()).isEqualTo(version);
  }

  @Test
  void whatIsInForceIsWantedThoughItsDocumentWasEdited() {
    demand.documents(FILES, List.of(policyDocument("a", "orders")), START);
    demand.look(Documents.of(List.of(policyDocument("a", "stock"))), START);
    demand.look(Documents.of(List.of(policyDocument("a", "stock"))), START + 2 * LINGER);

    assertThat(services()).containsExactly("orders.shop", "stock.shop");
  }

  private void groups(NodeGroup... all) {
    demand.groups(List.of(all), START);
  }

  @Test
  void whatProxiesDependOnIsWantedWhileTheyAreThere() {
    groups(group(Role.SIDECAR, "stock", "pay.money"), group(Role.SIDECAR, "stock"));
    assertThat(services()).containsExactlyInAnyOrder("pay.money", "stock.shop");
    assertThat(demand.current().namespaces()).isEmpty();

    demand.groups(List.of(group(Role.SIDECAR, "stock")), START + 1);
    demand.look(Documents.EMPTY, START + LINGER);
    assertThat(services()).containsExactlyInAnyOrder("pay.money", "stock.shop");
    demand.look(Documents.EMPTY, START + 1 + LINGER);
    assertThat(services()).containsExactly("stock.shop");
  }

  @Test
  void whoseConnectionsItTakesAndBesideWhomItRunsIsWantedToo() {
    groups(
        group(
            Role.SIDECAR,
            List.of(new InboundPort(15006, 8080)),
            List.of(OutboundTcp.parse("db.data", "shop", 15432)),
            "stock"));
    assertThat(services()).containsExactlyInAnyOrder("caller.shop", "db.data", "stock.shop");

    demand.groups(List.of(), START);
    demand.look(Documents.EMPTY, START + LINGER);
    groups(
        group(Role.NODE, List.of(), List.of(OutboundTcp.parse("db.data", "shop", 15432)), "stock"));
    assertThat(services()).containsExactlyInAnyOrder("db.data", "stock.shop");
  }

  @Test
  void aProxyWithoutDependenciesWantsItsNamespaceButAGatewayNothing() {
    groups(group(Role.GATEWAY));
    assertThat(demand.current().namespaces()).isEmpty();

    groups(group(Role.PROXYLESS));
    assertThat(demand.current().namespaces()).containsExactly("shop");
    assertThat(demand.current().has(id("anything"))).isTrue();
    assertThat(demand.current().has(id("anything.else"))).isFalse();
  }

  @Test
  void untilEachSourceHasToldItsDocumentsItIsNotKnownWhatIsWanted() {
    demand.await(FILES);
    demand.await(CONSUL);
    demand.onChange(told::incrementAndGet);
    assertThat(demand.awaited()).containsExactly(CONSUL, FILES);

    demand.documents(FILES, List.of(), START);
    assertThat(demand.awaited()).containsExactly(CONSUL);
    assertThat(told).hasValue(0);
    demand.documents(CONSUL, List.of(), START);
    assertThat(demand.awaited()).isEmpty();
    assertThat(told).hasValue(1);
    demand.documents(CONSUL, List.of(), START);
    assertThat(told).hasValue(1);
  }

  @Test
  void aGroupsServicesAreReadOnceEverySourceThatMayHaveThemHasReadThem() {
    NodeGroup group = group(Role.SIDECAR, "stock");
    demand.take(CONSUL, "shop");
    demand.take(OTHER, "legacy");
    groups(group);
    long version = demand.current().version();
    assertThat(demand.isRead(group)).isFalse();

    demand.read(CONSUL, version - 1, Set.of());
    assertThat(demand.isRead(group)).isFalse();
    demand.onChange(told::incrementAndGet);
    demand.read(CONSUL, version, Set.of(id("stock"), id("other")));
    assertThat(demand.isRead(group)).isFalse();
    assertThat(demand.isRead(List.of(id("stock")))).isFalse();
    demand.read(CONSUL, version, Set.of(id("other")));
    assertThat(demand.isRead(group)).isTrue();
    assertThat(demand.isRead(List.of(id("stock")))).isTrue();
    assertThat(told).hasValue(2);
    demand.read(CONSUL, version, Set.of(id("other")));
    assertThat(told).hasValue(2);
  }

  @Test
  void whatOthersWantLaterIsNotWaitedFor() {
    NodeGroup group = group(Role.SIDECAR, "stock");
    demand.take(CONSUL, "shop");
    groups(group);
    demand.read(CONSUL, demand.current().version(), Set.of());
    groups(group, group(Role.SIDECAR, "orders"));

    assertThat(demand.isRead(group)).isTrue();
    assertThat(demand.isRead(group(Role.SIDECAR, "orders"))).isFalse();
  }

  @Test
  void whoHasItsWholeNamespaceHasNotReadItBeforeAllOfItIsRead() {
    demand.take(CONSUL, "shop");
    groups(group(Role.SIDECAR));
    long version = demand.current().version();
    demand.read(CONSUL, version, Set.of(id("stock")));
    assertThat(demand.isRead(group(Role.SIDECAR))).isFalse();

    demand.read(CONSUL, version, Set.of());
    assertThat(demand.isRead(group(Role.SIDECAR))).isTrue();
  }

  @Test
  void whatDocumentsHaveItCallIsWaitedForToo() {
    demand.take(CONSUL, "shop");
    demand.documents(
        FILES,
        List.of(policyDocument("a", "stock, backends: [{name: a, consul: {service: old}}]")),
        START);
    long version = demand.current().version();
    demand.read(CONSUL, version, Set.of(id("old")));

    assertThat(demand.isRead(group(Role.GATEWAY))).isFalse();
    assertThat(demand.isRead(group(Role.SIDECAR, "stock"))).isFalse();
    assertThat(demand.isRead(group(Role.SIDECAR, "orders"))).isTrue();
    demand.read(CONSUL, version, Set.of());
    assertThat(demand.isRead(group(Role.GATEWAY))).isTrue();
    assertThat(demand.isRead(group(Role.SIDECAR, "stock"))).isTrue();
  }
}
