package dev.sluice.server.rollout;

import dev.sluice.server.conditions.KeptTexts.Writer;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder with a file for each policy, {@code NAMESPACE/NAME.json}: of one server alone, for all
 * policies that have no other place.
 */
public final class FolderStates implements RolloutStore {
  private static final Logger LOG = LoggerFactory.getLogger(FolderStates.class);
  private static final String SUFFIX = ".json";

  private final Path folder;
  private volatile SortedMap<DocumentKey, RolloutState> states;

  /** The folder as it is now; it is made when something is kept. */
  public FolderStates(Path folder) {
    this.folder = folder;
    this.states = Collections.unmodifiableSortedMap(all());
  }

  private SortedMap<DocumentKey, RolloutState> all() {
    SortedMap<DocumentKey, RolloutState> states = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder, 2)) {
      List<Path> all = files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
      all.forEach(file -> read(file, states));
    } catch (NoSuchFileException e) {
      return states;
    } catch (IOException e) {
      LOG.error("{} cannot be read; rollouts begin anew", folder, e);
    }
    return states;
  }

  private void read(Path file, SortedMap<DocumentKey, RolloutState> states) {
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
  public boolean holds(Document policy) {
    return true;
  }

  /** Directories keep the last good version of a policy that is wrong. */
  @Override
  public boolean stands(DocumentKey policy) {
    return false;
  }

  @Override
  public boolean isLeader() {
    return true;
  }

  /** All of it: nobody else writes. */
  @Override
  public Optional<SortedMap<DocumentKey, RolloutState>> known() {
    return Optional.of(states);
  }

  @Override
  public SortedMap<DocumentKey, RolloutState> read() {
    return states;
  }

  @Override
  public Set<DocumentKey> unreadable() {
    return Set.of();
  }

  @Override
  public Optional<String> trouble() {
    return Optional.empty();
  }

  @Override
  public Replicas replicas() {
    return Replicas.NONE;
  }

  @Override
  public boolean write(
      DocumentKey policy, Optional<RolloutState> before, RolloutState state, Writer writer)
      throws IOException {
    Path file = file(policy);
    Files.createDirectories(file.resolveSibling(""));
    Path next = file.resolveSibling(file.getFileName() + ".tmp");
    try (FileChannel channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes =
          ByteBuffer.wrap((StateText.of(state) + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    SortedMap<DocumentKey, RolloutState> all = new TreeMap<>(states);
    all.put(policy, state);
    states = Collections.unmodifiableSortedMap(all);
    return true;
  }

  @Override
  public boolean delete(DocumentKey policy, RolloutState before) throws IOException {
    Files.deleteIfExists(file(policy));
    SortedMap<DocumentKey, RolloutState> all = new TreeMap<>(states);
    all.remove(policy);
    states = Collections.unmodifiableSortedMap(all);
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
