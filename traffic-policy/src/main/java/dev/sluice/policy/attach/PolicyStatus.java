package dev.sluice.policy.attach;

import dev.sluice.problem.Problem;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What became of one TrafficPolicy or InstanceOverride (policy.md, section 1, precedence).
 *
 * @param reason what it is so for: the gravest, where there are several
 * @param problems what its author should know, sorted
 * @param scope what it is about; empty where that could not be decided
 */
public record PolicyStatus(Reason reason, List<Problem> problems, Optional<Scope> scope) {
  public PolicyStatus {
    Objects.requireNonNull(reason);
    problems = problems.stream().sorted().distinct().toList();
    Objects.requireNonNull(scope);
  }

  /** Whether the policy is applied. */
  public State state() {
    return reason.state();
  }

  /** Whether the document has a say ({@code Accepted} of a Kubernetes status). */
  public boolean accepted() {
    return state() != State.REJECTED;
  }

  /** This status with one more thing to say. */
  PolicyStatus with(Reason another, Problem problem) {
    List<Problem> all = Stream.concat(problems.stream(), Stream.of(problem)).toList();
    return new PolicyStatus(reason.compareTo(another) <= 0 ? reason : another, all, scope);
  }

  /** The status of a policy that is not applied since it gives what no proxy would take. */
  public PolicyStatus refused(Problem problem) {
    return with(Reason.REFUSED_BY_ENVOY, problem);
  }

  /** Whether a policy is applied. */
  public enum State {
    /** All of it. */
    APPLIED,
    /** All but what its problems name. */
    PARTLY_APPLIED,
    /** Not yet: it will be when its service is there. */
    PENDING,
    /** None of it. */
    REJECTED
  }

  /**
   * Why a policy is in its {@link State}, as a status condition's {@code reason}; gravest first.
   */
  public enum Reason {
    /** The service has several ports, or none, and {@code target.port} is not given. */
    PORT_REQUIRED("PortRequired", State.REJECTED),
    /** The service has no port of that number. */
    UNKNOWN_PORT("UnknownPort", State.REJECTED),
    /** Another policy, which comes first, has set the same. */
    CONFLICTED("Conflicted", State.REJECTED),
    /** Envoy's own rules forbid what it comes to, though nothing else was found wrong with it. */
    REFUSED_BY_ENVOY("RefusedByEnvoy", State.REJECTED),
    /** An earlier revision is pinned by hand, and holds in its place. */
    HELD_BACK("HeldBack", State.PENDING),
    /** No source knows the service. */
    SERVICE_NOT_FOUND("ServiceNotFound", State.PENDING),
    /** No such Gateway; the policy is not applied there. */
    UNKNOWN_GATEWAY("UnknownGateway", State.PARTLY_APPLIED),
    /** The gateway has no TCP listener of that name; the policy is not applied there. */
    UNKNOWN_LISTENER("UnknownListener", State.PARTLY_APPLIED),
    /** No listener of the gateway takes the host; the policy is not applied to it. */
    HOST_NOT_COVERED("HostNotCovered", State.PARTLY_APPLIED),
    /** A version is named that no policy of the service declares; what names it is left out. */
    UNKNOWN_VERSION("UnknownVersion", State.PARTLY_APPLIED),
    /** Of a backend no instance is known; the policy is applied to the others. */
    UNKNOWN_BACKEND("UnknownBackend", State.PARTLY_APPLIED),
    /** Nothing is wrong. */
    ACCEPTED("Accepted", State.APPLIED);

    private final String text;
    private final State state;

    Reason(String text, State state) {
      this.text = text;
      this.state = state;
    }

    /** What it makes of a policy. */
    public State state() {
      return state;
    }

    /** As statuses write it. */
    @Override
    public String toString() {
      return text;
    }
  }
}
