package dev.sluice.server.rollout;

import dev.sluice.server.conditions.KeptTexts.Writer;
import dev.sluice.server.files.WholeFile;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Predicate;
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
  private final Predicate<DocumentKey> stands;
  private final SortedMap<DocumentKey, RolloutState> states = new ConcurrentSkipListMap<>();
  private final Set<DocumentKey> unreadable = new ConcurrentSkipListSet<>();
  private volatile Optional<String> trouble = Optional.empty();

  /**
   * The folder as it is now; it is made when something is kept.
   *
   * @param stands whether a policy of that name is in a cluster or data centre, though it may be
   *     wrong; directories keep the last good version of one
   */
  public FolderStates(Path folder, Predicate<DocumentKey> stands) {
    this.folder = folder;
    this.stands = stands;
    load();
  }

  private void load() {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      trouble = Optional.of(folder + " is no directory");
      return;
    }
    try (Stream<Path> files = Files.walk(folder, 2)) {
      List<Path> all = files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
      all.forEach(this::read);
      trouble = Optional.empty();
    } catch (NoSuchFileException e) {
      LOG.debug("nothing is kept in {}", folder);
      trouble = Optional.empty();
    } catch (IOException | UncheckedIOException e) {
      trouble = Optional.of(folder + " cannot be read: " + e);
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
      unreadable.add(key);
      LOG.error(
          "{}: how its rollout stands cannot be read in {} ({}), so the file stays as it is and the"
              + " rollout does not go on; start the version of the server that wrote it, or remove"
              + " the file, with which the rollout begins anew, and start this one again",
          key,
          file,
          e.toString());
    }
  }

  @Override
  public boolean stands(DocumentKey policy) {
    return stands.test(policy);
  }

  @Override
  public Optional<SortedMap<DocumentKey, RolloutState>> known() {
    return trouble.isPresent()
        ? Optional.empty()
        : Optional.of(Collections.unmodifiableSortedMap(states));
  }

  @Override
  public Optional<String> trouble() {
    return trouble;
  }

  @Override
  public SortedMap<DocumentKey, RolloutState> read() throws IOException {
    if (trouble.isPresent()) {
      load();
    }
    if (trouble.isPresent()) {
      throw new IOException(trouble.get());
    }
    return Collections.unmodifiableSortedMap(states);
  }

  @Override
  public Set<DocumentKey> unreadable() {
    return Collections.unmodifiableSet(unreadable);
  }

  @Override
  public boolean write(
      DocumentKey policy, Optional<RolloutState> before, RolloutState state, Writer writer)
      throws IOException {
    Path file = file(policy);
    if (unreadable.contains(policy)) {
      throw new IOException(file + " cannot be read, so it is not written over");
    }
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
