package dev.sluice.server.xds;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotDiff;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One stream's subscription to one type: what is wanted, was sent, is accepted or refused, and has
 * to be looked at again.
 *
 * <p>It holds marks, not messages: however many changes come while the client is silent, the next
 * response is made of the newest snapshot. At most one response is unanswered.
 */
abstract sealed class TypeSubscription permits SotwSubscription, DeltaSubscription {
  static final String WILDCARD = "*";
  private static final long NEVER = Long.MAX_VALUE;
  private static final long SETTLED = Long.MIN_VALUE;

  /** A resource that has left the snapshot, or lost its last instance, but not for the client. */
  record Held(Optional<Resource> resource, long since) {}

  final ResourceType type;
  final Set<String> names = new HashSet<>();
  boolean wildcard;

  /** The version of each resource as it was sent last. */
  final Map<String, String> sent = new HashMap<>();

  /** What the client holds instead of what was sent and refused; empty for nothing. */
  final Map<String, String> refused = new HashMap<>();

  /** Names that may differ from what was sent. */
  final TreeSet<String> pending = new TreeSet<>();

  /** Names that are sent even when they do not differ. */
  final Set<String> forced = new HashSet<>();

  final Map<String, Held> held = new TreeMap<>();

  /** Whether every name has to be looked at. */
  boolean everything;

  /** Whether a response is due even when it would be empty. */
  boolean owed;

  private final Variant variant;
  private @Nullable InFlight inFlight;
  private Reply.@Nullable Nack lastNack;
  private long pendingSince = NEVER;
  private long refusedSince = NEVER;
  private long refusedAt;
  private long responses;
  private String sentVersion = "";
  String ackedVersion = "";

  TypeSubscription(Variant variant, ResourceType type) {
    this.variant = variant;
    this.type = type;
  }

  /** The response that is due, if any; called when none is unanswered. */
  abstract Optional<Draft> draft(Snapshot snapshot);

  /** What a response is made of. */
  record Draft(String version, List<Resource> resources, List<String> removed, Changes changes) {}

  /**
   * What a response changes for the client.
   *
   * @param put resources that are new or differ, or are sent again
   * @param gone names of resources that the client is to drop
   */
  record Changes(List<Resource> put, List<String> gone) {
    boolean isEmpty() {
      return put.isEmpty() && gone.isEmpty();
    }
  }

  final boolean subscribes(String name) {
    return wildcard || names.contains(name);
  }

  final Optional<Resource> find(Snapshot snapshot, String name) {
    Optional<Resource> resource = Content.of(snapshot, type, name);
    if (resource.isPresent()) {
      return resource;
    }
    Held leaving = held.get(name);
    return leaving == null ? Optional.empty() : leaving.resource();
  }

  /** Marks {@code name} to be sent even if it was before. */
  final void force(String name, long epoch) {
    forced.add(name);
    mark(name, epoch);
  }

  final void mark(String name, long epoch) {
    pending.add(name);
    pendingSince = Math.min(pendingSince, epoch);
  }

  final void markEverything(long epoch) {
    everything = true;
    pendingSince = Math.min(pendingSince, epoch);
  }

  final void owe(long epoch) {
    owed = true;
    pendingSince = Math.min(pendingSince, epoch);
  }

  /** The client no longer wants {@code name}, so nothing is known of what it holds. */
  void drop(String name) {
    sent.remove(name);
    refused.remove(name);
    pending.remove(name);
    forced.remove(name);
    held.remove(name);
  }

  /** Marks what a publication changed of what is wanted. */
  final void published(SnapshotDiff diff, long epoch) {
    SnapshotDiff.Names difference = diff.names(type);
    for (String name : difference.changed()) {
      if (!subscribes(name)) {
        continue;
      }
      if (type == ResourceType.ENDPOINT && sent.containsKey(name) && Emptied.waits(diff, name)) {
        pending.remove(name);
        held.put(name, new Held(diff.after().resource(type, name), epoch));
      } else {
        held.remove(name);
        mark(name, epoch);
      }
    }
    for (String name : difference.removed()) {
      if (!sent.containsKey(name)) {
        pending.remove(name);
      } else if (leavesLate() && Content.of(diff.after(), type, name).isEmpty()) {
        pending.remove(name);
        held.put(name, new Held(diff.before().resource(type, name), epoch));
      } else {
        mark(name, epoch);
      }
    }
  }

  /** Whether removals wait for the routes that no longer use the resource. */
  final boolean leavesLate() {
    return type == ResourceType.CLUSTER || type == ResourceType.ENDPOINT;
  }

  /** Lets {@code name} leave the client. */
  final void release(String name, long epoch) {
    held.remove(name);
    mark(name, epoch);
  }

  final boolean awaitsReply() {
    return inFlight != null;
  }

  final boolean hasWork() {
    return everything || owed || !pending.isEmpty();
  }

  /** The next response, if one is due and none is unanswered. */
  final Optional<Sending> poll(Snapshot snapshot, long now) {
    if (awaitsReply() || !hasWork()) {
      return Optional.empty();
    }
    long since = pendingSince;
    Optional<Draft> draft = draft(snapshot);
    everything = false;
    owed = false;
    pending.clear();
    forced.clear();
    pendingSince = NEVER;
    return draft.map(due -> send(due, since, now));
  }

  /**
   * A response and what it changes.
   *
   * @param added names that the client did not hold before
   */
  record Sending(Response response, Changes changes, Set<String> added) {}

  private Sending send(Draft draft, long since, long now) {
    Map<String, String> before = new HashMap<>();
    Set<String> added = new HashSet<>();
    for (Resource resource : draft.changes().put()) {
      String name = resource.name();
      before.put(name, heldVersion(name));
      if (!sent.containsKey(name)) {
        added.add(name);
      }
      remember(resource);
    }
    for (String name : draft.changes().gone()) {
      before.put(name, heldVersion(name));
      forget(name);
    }
    String nonce = Long.toString(++responses);
    inFlight = new InFlight(nonce, draft.version(), since, now, before);
    sentVersion = draft.version();
    Response response =
        new Response(variant, type, draft.version(), nonce, draft.resources(), draft.removed());
    return new Sending(response, draft.changes(), added);
  }

  void remember(Resource resource) {
    sent.put(resource.name(), resource.version());
  }

  void forget(String name) {
    sent.remove(name);
  }

  /** The version that the client uses, as far as it said; empty for none. */
  final String heldVersion(String name) {
    if (inFlight != null && inFlight.before().containsKey(name)) {
      return Objects.requireNonNull(inFlight.before().get(name));
    }
    String kept = refused.get(name);
    return kept != null ? kept : sent.getOrDefault(name, "");
  }

  /** The nonce of the newest response; empty before the first. */
  final String nonce() {
    return responses == 0 ? "" : Long.toString(responses);
  }

  /** Takes the answer to the newest response. */
  final Reply reply(Request request, long now) {
    InFlight answered = inFlight;
    if (answered == null || !answered.nonce().equals(request.nonce())) {
      return request.nonce().isEmpty() || request.nonce().equals(nonce())
          ? new Reply.None()
          : new Reply.Stale(type, request.nonce());
    }
    inFlight = null;
    if (request.error().isPresent()) {
      return refuse(answered, request.error().get(), now);
    }
    accept(answered);
    return new Reply.Ack(type, answered.version());
  }

  private void accept(InFlight answered) {
    ackedVersion = answered.version();
    if (wholeState()) {
      refused.clear();
    } else {
      refused.keySet().removeAll(answered.before().keySet());
    }
    if (refused.isEmpty()) {
      refusedSince = NEVER;
    }
  }

  /** Whether an accepted response settles every resource, not only those that it changed. */
  abstract boolean wholeState();

  private Reply.Nack refuse(InFlight answered, String message, long now) {
    refused.putAll(answered.before());
    refusedSince = Math.min(refusedSince, answered.since());
    refusedAt = now;
    List<String> changed = answered.before().keySet().stream().sorted().toList();
    List<String> named = changed.stream().filter(message::contains).toList();
    Reply.Nack nack =
        new Reply.Nack(type, answered.version(), named.isEmpty() ? changed : named, message);
    lastNack = nack;
    return nack;
  }

  /** The last refusal, if there was one. */
  final Optional<Reply.Nack> lastNack() {
    return Optional.ofNullable(lastNack);
  }

  /** When the last refusal came, in nanoseconds of the machine's clock. */
  final long refusedAt() {
    return refusedAt;
  }

  final String sentVersion() {
    return sentVersion;
  }

  /**
   * Until when the changes up to {@code epoch} of this type have to be waited for: {@link
   * Long#MIN_VALUE} when they are accepted, {@link Long#MAX_VALUE} when they have not been sent.
   */
  final long settledAt(long epoch, long deadline) {
    InFlight unanswered = inFlight;
    if (unanswered != null && (unanswered.since() <= epoch || refusedSince <= epoch)) {
      return unanswered.sentAt() + deadline;
    }
    if (unanswered == null && hasWork() && pendingSince <= epoch) {
      return NEVER;
    }
    return refusedSince <= epoch ? refusedAt + deadline : SETTLED;
  }
}
