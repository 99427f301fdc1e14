package dev.sluice.server.demand;

import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.SourceName;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.spec.Document;
import dev.sluice.spec.Documents;
import dev.sluice.spec.NamedServices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What documents name and proxies depend on, together; any thread.
 *
 * <p>What is wanted is so at once. What nobody wants any more stays for {@link #LINGER}, since a
 * proxy that restarts wants it again.
 */
public final class Demand {
  static final Duration LINGER = Duration.ofSeconds(60);

  private final Map<SourceName, Set<ServiceId>> named = new HashMap<>();
  private final Set<NodeGroup> groups = new HashSet<>();
  private final Map<SourceName, Read> read = new HashMap<>();
  private final SortedSet<SourceName> awaited = new TreeSet<>();
  private final List<Runnable> listeners = new ArrayList<>();

  private final Lingering<ServiceId> wantedServices = new Lingering<>(LINGER);
  private final Lingering<String> wantedNamespaces = new Lingering<>(LINGER);
  private Documents inForce = Documents.EMPTY;
  private Set<ServiceId> namedInForce = new TreeSet<>();
  private volatile Wants current = new Wants(0, new TreeSet<>(), new TreeSet<>());

  /**
   * What a source has seen to.
   *
   * @param version what was wanted when it looked
   * @param unread the services of those that it knows of and has not read
   */
  private record Read(long version, Set<ServiceId> unread) {}

  /** Nothing is wanted yet. */
  public Demand() {}

  /** The source may have documents: before it has told them it is not known what is wanted. */
  public synchronized void await(SourceName source) {
    awaited.add(source);
  }

  /** Has it called, on any thread, when something else is wanted or has been read. */
  public synchronized void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** What is wanted now. */
  public Wants current() {
    return current;
  }

  /** The sources whose documents are not known, so that not all is known that is wanted. */
  public synchronized SortedSet<SourceName> awaited() {
    return new TreeSet<>(awaited);
  }

  /**
   * These are all documents of a source now.
   *
   * @param now in the time of {@link System#nanoTime}
   */
  public void documents(SourceName source, Collection<Document> documents, long now) {
    Set<ServiceId> services = new TreeSet<>();
    documents.forEach(one -> services.addAll(NamedServices.of(one)));
    boolean changed;
    synchronized (this) {
      changed = awaited.remove(source);
      changed |= !services.equals(named.put(source, services));
      changed = changed && (settle(now) || awaited.isEmpty());
    }
    if (changed) {
      tell();
    }
  }

  /**
   * Looks at what is in force: of a document whose edit was set aside that is an earlier one. And
   * lets go what nobody wanted for long.
   */
  public void look(Documents documents, long now) {
    boolean changed;
    synchronized (this) {
      if (!documents.equals(inForce)) {
        inForce = documents;
        namedInForce = new TreeSet<>();
        documents.all().values().forEach(one -> namedInForce.addAll(NamedServices.of(one)));
      }
      changed = settle(now);
    }
    if (changed) {
      tell();
    }
  }

  /**
   * There are proxies of this group.
   *
   * @return the version from which on all is wanted that they depend on
   */
  public long add(NodeGroup group, long now) {
    boolean changed;
    synchronized (this) {
      changed = groups.add(group) && settle(now);
    }
    if (changed) {
      tell();
    }
    return current.version();
  }

  /** The proxies of this group are gone. */
  public synchronized void remove(NodeGroup group) {
    groups.remove(group); // What they wanted leaves when it is looked at next.
  }

  /** A source that tells only what is wanted takes part. */
  public synchronized void take(SourceName source) {
    read.put(source, new Read(-1, Set.of()));
  }

  /**
   * A source has told what was wanted by this version.
   *
   * @param unread the services that are there and that it could not read by now
   */
  public void read(SourceName source, long version, Set<ServiceId> unread) {
    Read now = new Read(version, Set.copyOf(unread));
    boolean changed;
    synchronized (this) {
      changed = !now.equals(read.put(source, now));
    }
    if (changed) {
      tell();
    }
  }

  /** Whether every source has told what was wanted by this version, as far as it is a group's. */
  public synchronized boolean isRead(NodeGroup group, long version) {
    return read.values().stream()
        .allMatch(
            one ->
                one.version() >= version
                    && one.unread().stream().noneMatch(id -> isWanted(group, id)));
  }

  private static boolean isWanted(NodeGroup group, ServiceId id) {
    return group.role() != Role.GATEWAY // What a gateway calls is named by documents.
        && (group.dependencies().isEmpty()
            ? id.namespace().equals(group.namespace())
            : group.dependencies().contains(id));
  }

  private boolean settle(long now) {
    Set<ServiceId> services = new TreeSet<>(namedInForce);
    Set<String> namespaces = new TreeSet<>();
    named.values().forEach(services::addAll);
    for (NodeGroup group : groups) {
      if (group.role() != Role.GATEWAY) { // What a gateway calls is named by documents.
        services.addAll(group.dependencies());
        if (group.dependencies().isEmpty()) {
          namespaces.add(group.namespace());
        }
      }
    }
    boolean otherServices = wantedServices.put(services, now);
    boolean otherNamespaces = wantedNamespaces.put(namespaces, now);
    if (!otherServices && !otherNamespaces) {
      return false;
    }
    current =
        new Wants(current.version() + 1, wantedServices.elements(), wantedNamespaces.elements());
    return true;
  }

  private void tell() {
    List<Runnable> all;
    synchronized (this) {
      all = List.copyOf(listeners);
    }
    all.forEach(Runnable::run);
  }
}
