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
    FolderStates states = new FolderStates(folder.resolve("rollouts"));
    assertThat(states.read()).isEmpty();
    assertThat(states.write(ORDERS, Optional.empty(), STATE, Writer.LEADER)).isTrue();
    assertThat(states.known().orElseThrow()).containsEntry(ORDERS, STATE);
    FolderStates next = new FolderStates(folder.resolve("rollouts"));
    assertThat(next.read()).containsOnlyKeys(ORDERS).containsValue(STATE);
    assertThat(next.delete(ORDERS, STATE)).isTrue();
    assertThat(next.known().orElseThrow()).isEmpty();
    assertThat(new FolderStates(folder.resolve("rollouts")).read()).isEmpty();
  }

  @Test
  void aFileThatCannotBeReadKeepsNoOtherFromIt() throws Exception {
    FolderStates states = new FolderStates(folder);
    states.write(ORDERS, Optional.empty(), STATE, Writer.LEADER);
    states.write(CARTS, Optional.empty(), STATE, Writer.LEADER);
    Files.writeString(folder.resolve("shop/carts.json"), "{");
    assertThat(new FolderStates(folder).read()).containsOnlyKeys(ORDERS);
  }

  @Test
  void whatCannotBeWrittenIsNotKnownToBeKept() throws Exception {
    FolderStates states = new FolderStates(folder);
    Files.writeString(folder.resolve("shop"), "no folder");
    assertThatThrownBy(() -> states.write(ORDERS, Optional.empty(), STATE, Writer.LEADER))
        .isInstanceOf(IOException.class);
    assertThat(states.known().orElseThrow()).isEmpty();
  }
}
