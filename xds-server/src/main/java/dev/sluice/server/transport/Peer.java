package dev.sluice.server.transport;

import dev.sluice.node.NodeGroup;
import io.grpc.Context;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Who is at the other end of a connection, and what it may claim to be. */
public final class Peer {
  /** One that may claim anything. */
  static final Peer ANYBODY =
      new Peer("", List.of(), List.of(), TransportMetrics.NONE, Runnable::run);

  static final Context.Key<Peer> KEY = Context.keyWithDefault("peer", ANYBODY);

  /** Of more rules the message would be too long for HTTP/2's headers. */
  private static final int RULES_TOLD = 8;

  private final String address;
  private final List<String> identities;
  private final List<IdentityRule> rules;
  private final TransportMetrics metrics;
  private final Executor thread;

  /**
   * A peer.
   *
   * @param address for people
   * @param identities the URI names of its certificate
   * @param thread runs tasks on the thread that serves the connection
   */
  Peer(
      String address,
      List<String> identities,
      List<IdentityRule> rules,
      TransportMetrics metrics,
      Executor thread) {
    this.address = address;
    this.identities = List.copyOf(identities);
    this.rules = rules;
    this.metrics = metrics;
    this.thread = thread;
  }

  /** Whose call runs on this thread. */
  public static Peer current() {
    return KEY.get();
  }

  /**
   * Runs tasks on the thread that serves the connection, where what is sent needs no handing over.
   * All that comes from the peer comes on that thread too, so it must not be kept waiting. After
   * the server has stopped it rejects them.
   */
  public Executor thread() {
    return thread;
  }

  /** What its certificate says that it is; nothing without one, or where that names several. */
  public Optional<String> identity() {
    return identities.size() == 1 ? Optional.of(identities.getFirst()) : Optional.empty();
  }

  /** Whether it may be this proxy; who asks about others is not counted. */
  public boolean mayBe(String id, NodeGroup group) {
    return rules.isEmpty()
        || identity()
            .filter(own -> rules.stream().anyMatch(rule -> rule.refusal(own, id, group).isEmpty()))
            .isPresent();
  }

  /**
   * Why it may not be this proxy; nothing if it may. A refusal is counted.
   *
   * @param id {@code node.id}
   * @param group what it claims to be
   * @return PERMISSION_DENIED with the identity, the claim and the rules
   */
  public Optional<Status> refusal(String id, NodeGroup group) {
    if (mayBe(id, group)) {
      return Optional.empty();
    }
    if (identity().isEmpty()) {
      return Optional.of(
          denied(
              "the client's certificate has "
                  + (identities.isEmpty() ? "no URI name" : identities.size() + " URI names")
                  + "; xds.identity needs one, such as spiffe://prod.example/ns/shop/sa/web"));
    }
    String identity = identity().orElseThrow();
    List<String> refusals = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      String refusal = rules.get(i).refusal(identity, id, group).orElse("");
      refusals.add("xds.identity[" + i + "] " + refusal);
    }
    String role = group.role().name().toLowerCase(Locale.ROOT);
    int more = refusals.size() - RULES_TOLD;
    String why = String.join("; ", refusals.subList(0, Math.min(refusals.size(), RULES_TOLD)));
    return Optional.of(
        denied(
            "%s may not be the proxy %s, a %s of %s: %s%s"
                .formatted(
                    identity,
                    id,
                    role,
                    group.service(),
                    why,
                    more > 0 ? "; and " + more + " rules more" : "")));
  }

  private Status denied(String message) {
    metrics.refused(Refusal.IDENTITY);
    return Status.PERMISSION_DENIED.withDescription(message);
  }

  @Override
  public String toString() {
    return identity().map(identity -> identity + " (" + address + ")").orElse(address);
  }
}
