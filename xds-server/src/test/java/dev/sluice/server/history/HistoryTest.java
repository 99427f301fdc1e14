package dev.sluice.server.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.catalog.Locality;
import dev.sluice.catalog.ServiceId;
import dev.sluice.node.InboundPort;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.OutboundTcp;
import dev.sluice.node.Role;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.snapshot.Reason;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Revision;
import dev.sluice.server.snapshot.Revision.Counts;
import dev.sluice.server.snapshot.Revision.Summary;
import dev.sluice.source.DocumentReader;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
  private static final DocumentReader READER = DocumentParser.reader();
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00.123456789Z");
  private static final DocumentKey ORDERS = new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "orders");
  private static final NodeGroup GROUP =
      new NodeGroup(
          Role.SIDECAR,
          new ServiceId("web", "shop"),
          new TreeSet<>(List.of(new ServiceId("orders", "shop"))),
          new TreeMap<>(Map.of("app", "web")),
          new Locality("eu", "a"),
          15001,
          List.of(new InboundPort(15006, 8080)),
          List.of(OutboundTcp.parse("db", "shop", 5432)));

  @TempDir private Path folder;

  private static Revision revision(long id) {
    return new Revision(
        id,
        "service orders.shop",
        List.of(
            new Reason(
                Reason.Kind.SERVICE,
                "orders.shop",
                "10.0.0.1 came (\u00fc \u2028)",
                new TreeSet<>(List.of(new ServiceId("orders", "shop"))))),
        NOON.plusSeconds(id),
        Map.of(
            GROUP,
            new Summary(Map.of(ResourceType.ENDPOINT, new Counts(2, 1, List.of("a", "b"))))));
  }

  private static Document policy(int seconds) {
    return document(
        """
        apiVersion: sluice.dev/v1
        kind: TrafficPolicy
        metadata: {name: orders, namespace: shop}
        spec: {target: {service: orders}, timeouts: {request: %ds}}
        """
            .formatted(seconds));
  }

  private static Document document(String text) {
    return READER.read("orders.yaml", text).items().getFirst().document().orElseThrow();
  }

  private History open() throws IOException {
    return History.in(folder, READER);
  }

  private static int seconds(Past past) {
    Document document = past.documents().document(ORDERS).orElseThrow();
    return document.toString().contains("request=PT1S") ? 1 : 2;
  }

  @Test
  void aRevisionIsReadAsItWasWithTheDocumentsOfItsTime() throws IOException {
    InstanceOverride override =
        ((InstanceOverride)
                document(
                    """
                    apiVersion: sluice.dev/v1
                    kind: InstanceOverride
                    metadata: {name: one, namespace: shop}
                    spec: {service: orders, match: {address: 10.0.0.1}, state: drain, expiresIn: 2h}
                    """))
            .startingAt(NOON);
    try (History history = open()) {
      history.published(revision(1), Documents.of(List.of(policy(1), override)));
      history.published(revision(2), Documents.of(List.of(policy(2), override)));
      history.published(revision(3), Documents.of(List.of(policy(1))));
    }

    try (History again = open()) {
      assertThat(again.revisions()).containsExactly(revision(1), revision(2), revision(3));
      assertThat(again.last()).isEqualTo(3);
      assertThat(seconds(again.at(1).orElseThrow())).isEqualTo(1);
      assertThat(seconds(again.at(2).orElseThrow())).isEqualTo(2);
      assertThat(seconds(again.at(3).orElseThrow())).isEqualTo(1);
      Documents first = again.at(1).orElseThrow().documents();
      assertThat(first.document(ORDERS).orElseThrow().origin()).hasToString("orders.yaml:1:1");
      assertThat(first.document(override.key()).orElseThrow().at(override.origin()))
          .isEqualTo(override);
      assertThat(again.at(3).orElseThrow().documents().document(override.key())).isEmpty();
    }
  }

  @Test
  void aLineThatACrashLeftHalfWrittenIsDroppedAndTheRestIsThere() throws IOException {
    try (History history = open()) {
      history.published(revision(1), Documents.of(List.of(policy(1))));
      history.published(revision(2), Documents.of(List.of(policy(2))));
    }
    Path file = folder.resolve("history.log");
    byte[] bytes = Files.readAllBytes(file);

    for (int cut = 2; cut < 60; cut += 7) {
      Files.write(file, Arrays.copyOf(bytes, bytes.length - cut));
      try (History torn = open()) {
        assertThat(torn.revisions()).as("cut by %d", cut).containsExactly(revision(1));
        torn.published(revision(2), Documents.of(List.of(policy(1))));
      }
      try (History after = open()) {
        assertThat(after.revisions()).containsExactly(revision(1), revision(2));
      }
    }
  }

  @Test
  void whatIsNoHistoryIsNotUsedAndTheNextOneTakesItsPlace() throws IOException {
    Files.write(folder.resolve("history.log"), new byte[] {(byte) 0xff, 10, 0, 1, 2});
    try (History history = open()) {
      assertThat(history.revisions()).isEmpty();
      history.published(revision(1), Documents.EMPTY);
    }
    try (History again = open()) {
      assertThat(again.revisions()).containsExactly(revision(1));
    }
  }

  @Test
  void whatCannotBeReadIsSetAsideAndNotLost() throws IOException {
    try (History history = open()) {
      history.published(revision(1), Documents.of(List.of(policy(1))));
      history.published(revision(2), Documents.of(List.of(policy(2))));
    }
    Path file = folder.resolve("history.log");
    Path bad = folder.resolve("history.log.bad");
    String whole = Files.readString(file);
    List<String> damaged =
        List.of(
            whole.replace("sluice history 1", "sluice history 2"),
            whole.replaceFirst("PT1S|1s", "9s"),
            whole.replaceFirst("\n", "\n00000000 {}\n"));
    for (String text : damaged) {
      Files.writeString(file, text);
      open().close();
      assertThat(Files.readString(bad)).isEqualTo(text);
      assertThat(Files.readString(file)).startsWith("sluice history 1\n").isNotEqualTo(text);
    }

    Files.delete(bad);
    Files.delete(file);
    Files.createDirectory(file); // Cannot be read, as on a disk that fails.
    try (History history = open()) {
      history.published(revision(3), Documents.EMPTY);
    }
    assertThat(bad).isDirectory();
    try (History again = open()) {
      assertThat(again.revisions()).containsExactly(revision(3));
    }
  }

  @Test
  void afterAnErrorOfItsOwnTheNextRevisionIsWrittenWithAllTextsItNames() throws IOException {
    HistoryFile file = HistoryFile.in(folder, READER);
    Past first = new Past(revision(1), Documents.of(List.of(policy(1))));
    Past second = new Past(revision(2), Documents.of(List.of(policy(2))));
    Past third = new Past(revision(3), Documents.of(List.of(policy(2))));
    file.append(List.of(first), List.of(first));
    Iterator<Past> failing = List.of(second).iterator();
    List<Past> broken =
        new AbstractList<>() {
          @Override
          public Past get(int index) {
            return failing.next(); // Throws at the second.
          }

          @Override
          public int size() {
            return 2;
          }
        };

    file.append(broken, List.of(first, second, third));
    file.append(List.of(third), List.of(first, second, third));

    List<Past> read = HistoryFile.in(folder, READER).read();
    assertThat(read).extracting(HistoryTest::seconds).containsExactly(1, 2, 2);
  }

  @Test
  void aDamagedLastLineAloneIsNoReasonToKeepTheFile() throws IOException {
    try (History history = open()) {
      history.published(revision(1), Documents.EMPTY);
    }
    Files.writeString(folder.resolve("history.log"), "0123", StandardOpenOption.APPEND);
    open().close();
    assertThat(folder.resolve("history.log.bad")).doesNotExist();
  }

  @Test
  void instancesThatComeAndGoDoNotPushTheEditsOut() throws IOException {
    Documents edited = Documents.of(List.of(policy(2)));
    try (History history = open()) {
      history.published(revision(1), Documents.of(List.of(policy(1))));
      history.published(revision(2), edited);
      LongStream.rangeClosed(3, 320).forEach(id -> history.published(revision(id), edited));

      assertThat(history.revisions()).hasSize(102);
      assertThat(history.at(1).map(HistoryTest::seconds)).hasValue(1);
      assertThat(history.at(300).map(HistoryTest::seconds)).hasValue(2);
      assertThat(history.at(321)).isEmpty();
    }
    try (History again = open()) {
      assertThat(again.revisions()).hasSize(102);
      assertThat(again.last()).isEqualTo(320);
    }
  }

  @Test
  void theFileStaysSmallHoweverManyRevisionsThereAreAndKeepsTheNewest() throws IOException {
    HistoryFile file = HistoryFile.in(folder, READER, 40_000);
    List<Past> kept = new ArrayList<>();
    for (int i = 1; i <= 150; i++) {
      Past past = new Past(revision(i), Documents.of(List.of(policy(1 + i % 2))));
      kept.add(past);
      file.append(
          List.of(past), List.copyOf(kept.subList(Math.max(0, kept.size() - 200), kept.size())));
    }

    assertThat(Files.size(folder.resolve("history.log"))).isLessThan(42_000);
    List<Past> read = HistoryFile.in(folder, READER).read();
    assertThat(read.getLast().revision()).isEqualTo(revision(150));
    assertThat(read)
        .hasSizeGreaterThan(10)
        .allMatch(past -> seconds(past) == 1 + past.revision().id() % 2);
  }

  @Test
  void whatChangedNothingIsNotRememberedButAnEditThatNoProxyIsToldOfIs() {
    try (History history = History.inMemory()) {
      Revision nothing = new Revision(1, "start", List.of(), NOON, Map.of());
      history.published(nothing, Documents.EMPTY);
      history.published(new Revision(2, "x", List.of(), NOON, Map.of()), Documents.EMPTY);
      history.published(
          new Revision(3, "y", List.of(), NOON, Map.of()), Documents.of(List.of(policy(1))));

      assertThat(history.revisions()).extracting(Revision::id).containsExactly(1L, 3L);
      assertThat(history.at(0)).isEmpty();
    }
  }

  @Test
  void aFolderThatCannotBeWrittenToIsSaid() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "", StandardOpenOption.CREATE);
    assertThatThrownBy(() -> History.in(file, READER))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the history cannot be kept in " + file);
  }
}
