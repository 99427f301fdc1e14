package dev.sluice.server.overrides;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.SourceName;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.overrides.OverrideStore.Removal;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.InstanceOverride.Match;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderStoreTest {
  private static final Match MATCH = new Match("10.0.0.7", null, new TreeMap<>());
  private static final Drain DRAIN =
      new Drain(
          DrainName.of(new ServiceId("orders", "shop"), MATCH),
          "orders",
          MATCH,
          Wish.DRAIN,
          Instant.EPOCH);

  @TempDir private Path folder;
  private Path first;
  private Path second;
  private FolderStore store;

  @BeforeEach
  void twoDirectories() throws IOException {
    first = Files.createDirectory(folder.resolve("first"));
    second = Files.createDirectory(folder.resolve("second"));
    store = store(first, second);
  }

  private static FolderStore store(Path... roots) {
    return new FolderStore(
        new SourceName("file", "files"), List.of(roots), DocumentParser.reader());
  }

  @Test
  void aDocumentIsAFileBesideTheServicesOthers() throws IOException {
    store.write(DRAIN, Optional.empty(), Optional.of(second.resolve("a/orders.yaml").toString()));

    assertThat(names(first)).isEmpty();
    assertThat(names(second)).containsExactly(DRAIN.key().name() + ".shop.yaml");
    assertThat(second.resolve(names(second).getFirst())).hasContent(DRAIN.yaml());
  }

  @Test
  void aSecondWriteReplacesTheFileWhereverItIsByNow() throws IOException {
    store.write(DRAIN, Optional.empty(), Optional.empty());
    Path moved = Files.move(first.resolve(names(first).getFirst()), second.resolve("moved.yaml"));

    store.write(DRAIN, Optional.of(read(moved)), Optional.empty());

    assertThat(names(first)).isEmpty();
    assertThat(names(second)).containsExactly("moved.yaml");
    store.remove(read(moved));
    assertThat(names(second)).isEmpty();
  }

  @Test
  void theDrainsOfANamespaceAreReadInAllDirectoriesAndWhereTheyWereMoved() throws IOException {
    store(second).write(DRAIN, Optional.empty(), Optional.empty());
    Path file = second.resolve(names(second).getFirst());
    InstanceOverride written = read(file);
    Files.writeString(first.resolve("drain-broken.shop.yaml"), "metadata: [");

    assertThat(store.drains("shop", List.of())).containsExactly(written);
    assertThat(store.drains("edge", List.of())).isEmpty();
    InstanceOverride moved = read(Files.move(file, second.resolve("moved.yaml")));
    assertThat(store.drains("shop", List.of())).isEmpty();
    assertThat(store.drains("shop", List.of(moved))).containsExactly(moved);
    assertThat(store.remove(moved)).isEqualTo(Removal.REMOVED);
    assertThat(store.drains("shop", List.of(moved))).isEmpty();
    assertThat(store.remove(moved)).isEqualTo(Removal.GONE_ALREADY);
  }

  @Test
  void aFileThatHoldsAnythingElseIsLeftAlone() throws IOException {
    store.write(DRAIN, Optional.empty(), Optional.empty());
    Path file = first.resolve(names(first).getFirst());
    InstanceOverride written = read(file);
    String other = DRAIN.yaml().replace("name: drain", "name: another");
    Files.writeString(file, DRAIN.yaml() + "---\n" + other);

    assertThatThrownBy(() -> store.remove(written))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(file + " holds something else than the one document");
    assertThatThrownBy(() -> store.write(DRAIN, Optional.of(written), Optional.empty()))
        .isInstanceOf(RefusedException.class);
    assertThat(file).content().contains("another");
  }

  @Test
  void aFileThatSomebodyMadeTheirOwnIsLeftAlone() throws IOException {
    store.write(DRAIN, Optional.empty(), Optional.empty());
    Path file = first.resolve(names(first).getFirst());
    Files.writeString(file, DRAIN.yaml().replace("written-by: drain", "written-by: anna"));

    assertThatThrownBy(() -> store.write(DRAIN, Optional.empty(), Optional.empty()))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("was written or edited by hand");
  }

  @Test
  void aDirectoryThatIsNoneIsPassedOverWhereThereIsAnother() throws IOException {
    FolderStore two = store(folder.resolve("absent"), second);

    two.write(
        DRAIN, Optional.empty(), Optional.of(folder.resolve("absent/orders.yaml").toString()));

    assertThat(names(second)).hasSize(1);
  }

  @Test
  void whatIsNoDirectoryIsRefusedWithWhatToDo() throws IOException {
    Path single = Files.writeString(folder.resolve("single.yaml"), "");

    assertThatThrownBy(() -> store(single).write(DRAIN, Optional.empty(), Optional.empty()))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(single + " is no directory")
        .hasMessageContaining("--source");
    assertThat(names(folder)).containsExactly("first", "second", "single.yaml");
  }

  private static InstanceOverride read(Path file) throws IOException {
    return (InstanceOverride) MemoryStore.read(file.toString(), Files.readString(file));
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(it -> it.getFileName().toString()).sorted().toList();
    }
  }
}
