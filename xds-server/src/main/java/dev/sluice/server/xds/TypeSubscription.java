package dev.sluice.server.xds;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotDiff;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One stream's subscription to one type: what is wanted, was sent, is accepted or refused, and has
 * to be looked at again. At most one response is unanswered.
 */
abstract sealed class TypeSubscription permits SotwSubscription, DeltaSubscription {
  static final String WILDCARD = "*";
  private static final long NEVER = Long.MAX_VALUE;
  private static final long SETTLED = Long.MIN_VALUE;

  final ResourceType type;
  final Shared shared;
  NameSet names = NameSet.NONE;
  boolean wildcard;

  /** The version of each resource as it was sent last. */
  final SentVersions sent = new SentVersions(this::subscribes);

  /** What the client holds instead of what was sent and refused; empty for nothing. */
  final Map<String, String> refused = new HashMap<>();

  /** What is published and served no more to those who have not got it. */
  Map<String, Resource> withdrawn = Map.of();

  final Map<String, Held> held = new TreeMap<>();
  final Marks marks = new Marks();
  String ackedVersion = "";

  private final Variant variant;
  private @Nullable InFlight inFlight;
  private Reply.@Nullable Nack lastNack;

  /** Those of what is refused that the client found wrong; the rest only came along with them. */
  private Set<String> blamed = Set.of();

  private long refusedSince = NEVER;

  /** Since when the client does not use all that it is to have; {@link #NEVER} while it does. */
  private long behindSince = NEVER;

  private long refusedAt;
  private final Nonces nonces = new Nonces();
  private String sentVersion = "";

  TypeSubscription(Variant variant, ResourceType type, Shared shared) {
    this.variant = variant;
    this.type = type;
    this.shared = shared;
  }

  /** The response that is due, if any; called when none is unanswered. */
  abstract Optional<Draft> draft(Snapshot snapshot);

  /** The version of all that is wanted, where the client had it before anything was sent. */
  abstract String resumedVersion(Snapshot snapshot);

  /** Whether an accepted response settles every resource, not only those that it changed. */
  abstract boolean wholeState();

  final boolean subscribes(String name) {
    return wildcard || names.contains(name);
  }

  /** Subscribes to {@code added}, of which nothing was sent yet, and no longer to {@code gone}. */
  final void editNames(Collection<String> added, Collection<String> gone) {
    added.forEach(sent::beforeSubscribing);
    names = names.edited(added, gone, shared.names());
    gone.forEach(sent::remove);
  }

  final Optional<Resource> find(Snapshot snapshot, String name) {
    Resource accepted = withdrawn.get(name);
    if (accepted != null && !differs(accepted) && !refused.containsKey(name)) {
      return Optional.of(accepted); // It is served to nobody else, and needs no taking back.
    }
    Optional<Resource> resource = Content.of(snapshot, type, name);
    if (resource.isPresent()) {
      return resource;
    }
    Held leaving = held.get(name);
    return leaving == null ? Optional.empty() : leaving.resource();
  }

  /**
   * Whether the client holds another version than was sent last, and that one is to be had again:
   * then it is settled without a word. Not so a secret: Envoy stores it before it finds that it
   * cannot use it, so that after a refusal nobody knows what it holds.
   */
  private boolean settled(String name, Optional<Resource> wanted) {
    String kept = refused.get(name);
    InFlight unanswered = inFlight;
    boolean onItsWay = unanswered != null && (wholeState() || unanswered.changes().touches(name));
    if (type == ResourceType.SECRET
        || onItsWay
        || kept == null
        || !kept.equals(wanted.map(Resource::version).orElse(""))) {
      return false;
    }
    refused.remove(name);
    marks.forget(name);
    wanted.ifPresentOrElse(this::remember, () -> forget(name));
    if (refused.isEmpty()) {
      nothingIsRefused();
      sentVersion = ackedVersion;
    }
    return true;
  }

  /** Whether {@code resource} is not what the client was sent last. */
  final boolean differs(Resource resource) {
    return !resource.version().equals(sent.get(resource.name()));
  }

  /** The client no longer wants {@code name}, so nothing is known of what it holds. */
  void drop(String name) {
    sent.remove(name);
    refused.remove(name);
    marks.forget(name);
    held.remove(name);
  }

  /** Marks what a publication changed of what is wanted. */
  final void published(SnapshotDiff diff, long epoch) {
    SnapshotDiff.Names difference = diff.names(type);
    sent.moved(diff.before().resources(type), diff.after().resources(type), difference);
    mend(diff, difference, epoch);
    for (String name : difference.changed()) {
      if (!subscribes(name) || settled(name, diff.after().resource(type, name))) {
        continue;
      }
      if (type == ResourceType.ENDPOINT && sent.contains(name) && Emptied.waits(diff, name)) {
        marks.unmark(name);
        held.put(name, new Held(diff.after().resource(type, name), epoch));
      } else {
        held.remove(name);
        marks.mark(name, epoch);
      }
    }
    for (String name : difference.removed()) {
      boolean stillAnswered = Content.of(diff.after(), type, name).isPresent();
      if (settled(name, Optional.empty())) {
        continue;
      }
      if (!sent.contains(name) && !(stillAnswered && subscribes(name))) {
        if (!marks.isForced(name)) {
          marks.unmark(name); // A forced one's client waits to be told that there is none.
        }
      } else if (leavesLate() && !stillAnswered) {
        marks.unmark(name);
        held.put(name, new Held(diff.before().resource(type, name), epoch));
      } else {
        marks.mark(name, epoch);
      }
    }
  }

  /**
   * When something refused is mended, what was refused along with it is sent again. When something
   * changes that only came along, that is sent again without what was found wrong: with it, it
   * would be refused again.
   */
  private void mend(SnapshotDiff diff, SnapshotDiff.Names difference, long epoch) {
    List<String> changed =
        refused.keySet().stream()
            .filter(
                name -> difference.changed().contains(name) || difference.removed().contains(name))
            .toList();
    if (changed.isEmpty()) {
      return;
    }
    boolean mended = changed.stream().anyMatch(blamed::contains);
    for (String name : refused.keySet()) {
      if (!mended && blamed.contains(name)) {
        continue;
      }
      if (diff.after().resource(type, name).isPresent()) {
        marks.force(name, epoch);
      } else {
        marks.mark(name, epoch);
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
    marks.mark(name, epoch);
  }

  final boolean awaitsReply() {
    return inFlight != null;
  }

  final boolean hasWork() {
    return !marks.isEmpty();
  }

  /** Whether something is to be sent, to be answered or to leave. */
  final boolean isUnderWay() {
    return awaitsReply() || hasWork() || !held.isEmpty();
  }

  /** Notes at {@code now} whether the client is behind, so that it is known for how long. */
  final void look(long now) {
    boolean behind = isUnderWay() || !refused.isEmpty();
    behindSince = behind ? Math.min(behindSince, now) : NEVER;
  }

  /** Since when the client is behind, in nanoseconds of the machine's clock, if it is. */
  final OptionalLong behindSince() {
    return behindSince == NEVER ? OptionalLong.empty() : OptionalLong.of(behindSince);
  }

  /** The next response, if one is due and none is unanswered. */
  final Optional<Sending> poll(Snapshot snapshot, long revision, long now) {
    if (awaitsReply() || !hasWork()) {
      return Optional.empty();
    }
    long since = marks.since();
    Optional<Draft> draft = draft(snapshot);
    marks.clear();
    if (draft.isEmpty() && sentVersion.isEmpty()) {
      sentVersion = resumedVersion(snapshot);
      ackedVersion = sentVersion;
    }
    Optional<Sending> sending = draft.map(due -> send(due, since, revision, now));
    sent.rest(snapshot.resources(type));
    return sending;
  }

  /**
   * A response and what it changes.
   *
   * @param adds whether the client did not hold some of it before
   */
  record Sending(Response response, Changes changes, boolean adds) {}

  private Sending send(Draft draft, long since, long revision, long now) {
    Changes changes = draft.changes();
    Map<String, String> before = Map.of();
    boolean adds = false;
    if (draft.whole() != null && sent.isEmpty() && refused.isEmpty()) {
      adds = !changes.put().isEmpty();
      rememberAll(draft.whole());
    } else {
      before = new HashMap<>();
      for (Resource resource : changes.put()) {
        adds |= !sent.contains(resource.name());
        before.put(resource.name(), heldVersion(resource.name()));
        remember(resource);
      }
      for (String name : changes.gone()) {
        before.put(name, heldVersion(name));
        forget(name);
      }
    }
    String nonce = nonces.next(revision);
    inFlight = new InFlight(nonce, draft.version(), since, now, changes, before);
    sentVersion = draft.version();
    Response response =
        new Response(variant, type, draft.version(), nonce, draft.resources(), draft.removed());
    return new Sending(response, changes, adds);
  }

  /** All that is wanted was sent, to a client that held nothing. */
  void rememberAll(Shared.Whole whole) {
    sent.exactly(whole.snapshot().resources(type));
    whole.made().forEach(resource -> sent.put(resource.name(), resource.version()));
  }

  void remember(Resource resource) {
    sent.put(resource.name(), resource.version());
  }

  void forget(String name) {
    sent.remove(name);
  }

  /** The version that the client uses, as far as it said; empty for none. */
  final String heldVersion(String name) {
    if (inFlight != null && inFlight.changes().touches(name)) {
      return inFlight.before().getOrDefault(name, "");
    }
    String kept = refused.get(name);
    if (kept != null) {
      return kept;
    }
    String version = sent.get(name);
    return version == null ? "" : version;
  }

  /** The nonce of the newest response; empty before the first. */
  final String nonce() {
    return nonces.newest();
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
    return new Reply.Ack(type, answered.version(), answered.changes(), now - answered.sentAt());
  }

  private void accept(InFlight answered) {
    ackedVersion = answered.version();
    if (wholeState()) {
      refused.clear();
    } else if (!refused.isEmpty()) {
      refused.keySet().removeIf(answered.changes()::touches);
    }
    if (refused.isEmpty()) {
      nothingIsRefused();
    }
  }

  /** It does not matter any longer that {@code name} was refused. */
  final void refusalIsOver(String name) {
    if (refused.remove(name) != null && refused.isEmpty()) {
      nothingIsRefused();
    }
  }

  private void nothingIsRefused() {
    refusedSince = NEVER;
    blamed = Set.of();
  }

  private Reply.Nack refuse(InFlight answered, String message, long now) {
    Changes changes = answered.changes();
    List<String> changed = changes.names();
    List<String> named =
        Mentions.about(message, changed, wholeState() ? refused.keySet() : Set.of());
    changed.stream()
        .filter(this::subscribes)
        .forEach(name -> refused.put(name, answered.before().getOrDefault(name, "")));
    refusedSince = Math.min(refusedSince, answered.since());
    refusedAt = now;
    blame(changed, named);
    long took = now - answered.sentAt();
    Reply.Nack nack = new Reply.Nack(type, answered.version(), changes, named, message, took);
    lastNack = nack;
    return nack;
  }

  private void blame(Collection<String> changed, Collection<String> named) {
    Set<String> all = new HashSet<>(blamed);
    changed.forEach(all::remove);
    all.addAll(named);
    all.retainAll(refused.keySet());
    blamed = all;
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
    if (unanswered == null && hasWork() && marks.since() <= epoch) {
      return NEVER;
    }
    return refusedSince <= epoch ? refusedAt + deadline : SETTLED;
  }
}
