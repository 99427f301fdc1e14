package dev.sluice.server.rollout;

import dev.sluice.server.conditions.KeptTexts.Writer;
import dev.sluice.server.files.WholeFile;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder with a file for each policy, {@code NAMESPACE/NAME.json}: of one server alone, for all
 * policies that have no other place.
 */
public final class FolderStates implements OfOneServer {
  private static final Logger LOG = LoggerFactory.getLogger(FolderStates.class);
  private static final String SUFFIX = ".json";

  private final Path folder;
  private final SortedMap<DocumentKey, RolloutState> states = new ConcurrentSkipListMap<>();

  /** The folder as it is now; it is made when something is kept. */
  public FolderStates(Path folder) {
    this.folder = folder;
    load();
  }

  private void load() {
    try (Stream<Path> files = Files.walk(folder, 2)) {
      List<Path> all = files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
      all.forEach(this::read);
    } catch (NoSuchFileException e) {
      LOG.debug("nothing is kept in {}", folder);
    } catch (IOException e) {
      LOG.error("{} cannot be read; rollouts begin anew", folder, e);
    }
  }

  private void read(Path file) {
    String name = file.getFileName().toString();
    DocumentKey key =
        new DocumentKey(
            Kind.TRAFFIC_POLICY,
            folder.relativize(file).getName(0).toString(),
            name.substring(0, name.length() - SUFFIX.length()));
    try {
      states.put(key, StateText.read(Files.readString(file)));
    } catch (IOException | IllegalArgumentException e) {
      LOG.error("{} cannot be read, so the rollout of {} begins anew: {}", file, key, e.toString());
    }
  }

  @Override
  public SortedMap<DocumentKey, RolloutState> read() {
    return Collections.unmodifiableSortedMap(states);
  }

  @Override
  public boolean write(
      DocumentKey policy, Optional<RolloutState> before, RolloutState state, Writer writer)
      throws IOException {
    Path file = file(policy);
    Files.createDirectories(file.resolveSibling(""));
    WholeFile.write(file, (StateText.of(state) + "\n").getBytes(StandardCharsets.UTF_8));
    states.put(policy, state);
    return true;
  }

  @Override
  public boolean delete(DocumentKey policy, RolloutState before) throws IOException {
    Files.deleteIfExists(file(policy));
    states.remove(policy);
    return true;
  }

  @Override
  public String toString() {
    return folder.toString();
  }

  private Path file(DocumentKey policy) {
    return folder.resolve(policy.namespace()).resolve(policy.name() + SUFFIX);
  }
}
