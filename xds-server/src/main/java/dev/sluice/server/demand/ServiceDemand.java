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
import java.util.stream.Stream;

/**
 * What documents name and proxies depend on, together, and how much of it has been read; any
 * thread.
 *
 * <p>What is wanted is so at once. What nobody wants any more stays for {@link #LINGER}, since a
 * proxy that restarts wants it again.
 */
public final class ServiceDemand {
  static final Duration LINGER = Duration.ofSeconds(60);

  /** What each document names. */
  private final Map<SourceName, List<Set<ServiceId>>> named = new HashMap<>();

  private final SortedSet<SourceName> awaited = new TreeSet<>();
  private final Map<SourceName, Reading> readings = new HashMap<>();
  private final List<Runnable> listeners = new ArrayList<>();
  private final Lingering<ServiceId> wantedServices = new Lingering<>(LINGER);
  private final Lingering<String> wantedNamespaces = new Lingering<>(LINGER);
  private Set<NodeGroup> groups = Set.of();
  private Documents inForce = Documents.EMPTY;
  private List<Set<ServiceId>> namedInForce = List.of();
  private volatile Wants current = new Wants(0, new TreeSet<>(), new TreeSet<>());

  /**
   * How far a source is.
   *
   * @param namespace in which all of its services are
   * @param version what was wanted when it looked
   * @param unread the services of those that it knows to be there and has not read
   */
  private record Reading(String namespace, long version, Set<ServiceId> unread) {}

  /** Nothing is wanted yet. */
  public ServiceDemand() {}

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
    List<Set<ServiceId>> services = named(documents);
    boolean changed;
    synchronized (this) {
      boolean first = awaited.remove(source) && awaited.isEmpty();
      named.put(source, services);
      changed = settle(now) || first;
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
        namedInForce = named(documents.all().values());
      }
      changed = settle(now);
    }
    if (changed) {
      tell();
    }
  }

  private static List<Set<ServiceId>> named(Collection<Document> documents) {
    return documents.stream().map(NamedServices::of).filter(one -> !one.isEmpty()).toList();
  }

  /** There are proxies of these groups, and of no others. */
  public void groups(Collection<NodeGroup> all, long now) {
    boolean changed;
    synchronized (this) {
      groups = new HashSet<>(all);
      changed = settle(now);
    }
    if (changed) {
      tell();
    }
  }

  /** A source tells only what is wanted of the services of a namespace. */
  public synchronized void take(SourceName source, String namespace) {
    readings.put(source, new Reading(namespace, -1, Set.of()));
  }

  /**
   * A source has told what was wanted by this version.
   *
   * @param unread the services that are there and that it could not read by now
   */
  public void read(SourceName source, long version, Set<ServiceId> unread) {
    boolean changed;
    synchronized (this) {
      Reading before = readings.get(source);
      if (before == null) {
        throw new IllegalStateException(source + " takes no part");
      }
      Reading now = new Reading(before.namespace(), version, Set.copyOf(unread));
      readings.put(source, now);
      changed = !now.equals(before);
    }
    if (changed) {
      tell();
    }
  }

  /** Whether the services have been read, as far as any source has them. */
  public synchronized boolean isRead(Collection<ServiceId> services) {
    return readings.values().stream()
        .allMatch(
            reading ->
                services.stream()
                    .filter(id -> id.namespace().equals(reading.namespace()))
                    .allMatch(id -> isRead(reading, id)));
  }

  private boolean isRead(Reading reading, ServiceId id) {
    Long since = wantedServices.since().get(id);
    return (since == null || reading.version() >= since) && !reading.unread().contains(id);
  }

  /** Whether all has been read that proxies of a group are to have. */
  public synchronized boolean isRead(NodeGroup group) {
    GroupWants own = GroupWants.of(group);
    long version = version(own);
    for (Reading reading : readings.values()) {
      if (reading.version() < version && own.mayBeIn(reading.namespace())) {
        return false;
      }
    }
    List<ServiceId> unread =
        readings.values().stream().flatMap(reading -> reading.unread().stream()).toList();
    if (unread.isEmpty()) {
      return true;
    }
    Set<ServiceId> called = called(group, own);
    return unread.stream().noneMatch(id -> own.has(id) || called.contains(id));
  }

  /** Since when all is wanted that a group wants of itself. */
  private long version(GroupWants wants) {
    return Stream.concat(
            wants.services().stream().flatMap(id -> since(wantedServices, id)),
            wants.namespace().stream().flatMap(name -> since(wantedNamespaces, name)))
        .mapToLong(Long::longValue)
        .max()
        .orElse(-1);
  }

  private static <T extends Comparable<T>> Stream<Long> since(Lingering<T> wanted, T one) {
    return Stream.ofNullable(wanted.since().get(one));
  }

  /** What is called for a group by documents: of a gateway's it is not known which are its own. */
  private Set<ServiceId> called(NodeGroup group, GroupWants own) {
    Set<ServiceId> called = new HashSet<>();
    everyDocument()
        .filter(all -> group.role() == Role.GATEWAY || all.stream().anyMatch(own::has))
        .forEach(called::addAll);
    return called;
  }

  private Stream<Set<ServiceId>> everyDocument() {
    return Stream.concat(named.values().stream().flatMap(List::stream), namedInForce.stream());
  }

  private boolean settle(long now) {
    Set<ServiceId> services = new HashSet<>();
    Set<String> namespaces = new HashSet<>();
    everyDocument().forEach(services::addAll);
    for (NodeGroup group : groups) {
      GroupWants own = GroupWants.of(group);
      services.addAll(own.services());
      own.namespace().ifPresent(namespaces::add);
    }
    long next = current.version() + 1;
    boolean otherServices = wantedServices.put(services, next, now);
    boolean otherNamespaces = wantedNamespaces.put(namespaces, next, now);
    if (otherServices || otherNamespaces) {
      current =
          new Wants(
              next,
              new TreeSet<>(wantedServices.since().keySet()),
              new TreeSet<>(wantedNamespaces.since().keySet()));
    }
    return otherServices || otherNamespaces;
  }

  private void tell() {
    List<Runnable> all;
    synchronized (this) {
      all = List.copyOf(listeners);
    }
    all.forEach(Runnable::run);
  }
}
