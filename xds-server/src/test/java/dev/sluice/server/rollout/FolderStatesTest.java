package dev.sluice.server.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.server.conditions.KeptTexts.Writer;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** States in a folder outlive the process. */
class FolderStatesTest {
  private static final DocumentKey ORDERS = new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "orders");
  private static final DocumentKey CARTS = new DocumentKey(Kind.TRAFFIC_POLICY, "shop", "carts");
  private static final RolloutState STATE =
      RolloutState.beginning(
              new Target(Target.Kind.CANARY, "v1", "v2"),
              Shares.of("v1", "v2", 100_000),
              Instant.parse("2026-11-22T10:00:00Z"))
          .numbered(3);

  @TempDir private Path folder;

  @Test
  void whatIsWrittenIsThereForTheNextProcess() throws Exception {
    FolderStates states = new FolderStates(folder.resolve("rollouts"), _ -> false);
    assertThat(states.read()).isEmpty();
    assertThat(states.write(ORDERS, Optional.empty(), STATE, Writer.LEADER)).isTrue();
    assertThat(states.known().orElseThrow()).containsEntry(ORDERS, STATE);
    FolderStates next = new FolderStates(folder.resolve("rollouts"), _ -> false);
    assertThat(next.read()).containsOnlyKeys(ORDERS).containsValue(STATE);
    assertThat(next.delete(ORDERS, STATE)).isTrue();
    assertThat(next.known().orElseThrow()).isEmpty();
    assertThat(new FolderStates(folder.resolve("rollouts"), _ -> false).read()).isEmpty();
  }

  @Test
  void aFileThatCannotBeReadKeepsNoOtherFromIt() throws Exception {
    FolderStates states = new FolderStates(folder, _ -> false);
    states.write(ORDERS, Optional.empty(), STATE, Writer.LEADER);
    states.write(CARTS, Optional.empty(), STATE, Writer.LEADER);
    Files.writeString(folder.resolve("shop/carts.json"), "{");
    FolderStates next = new FolderStates(folder, _ -> false);
    assertThat(next.read()).containsOnlyKeys(ORDERS);
    assertThat(next.unreadable()).containsExactly(CARTS);
    assertThatThrownBy(() -> next.write(CARTS, Optional.empty(), STATE, Writer.LEADER))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not written over");
    assertThat(folder.resolve("shop/carts.json")).hasContent("{");
  }

  @Test
  void ofAFolderThatCannotBeReadNothingIsKnownUntilItCan() throws Exception {
    Path file = Files.writeString(folder.resolve("rollouts"), "no folder");
    FolderStates states = new FolderStates(file, _ -> false);
    assertThat(states.known()).isEmpty();
    assertThat(states.trouble().orElseThrow()).endsWith("rollouts is no directory");
    assertThatThrownBy(states::read).isInstanceOf(IOException.class);
    Files.delete(file);
    assertThat(states.read()).isEmpty();
    assertThat(states.known()).isPresent();
  }

  @Test
  void whatCannotBeWrittenIsNotKnownToBeKept() throws Exception {
    FolderStates states = new FolderStates(folder, _ -> false);
    Files.writeString(folder.resolve("shop"), "no folder");
    assertThatThrownBy(() -> states.write(ORDERS, Optional.empty(), STATE, Writer.LEADER))
        .isInstanceOf(IOException.class);
    assertThat(states.known().orElseThrow()).isEmpty();
  }
}
