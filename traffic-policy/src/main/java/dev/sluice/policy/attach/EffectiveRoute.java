package dev.sluice.policy.attach;

import dev.sluice.spec.Rewrite;
import dev.sluice.spec.Route;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Requests that are treated otherwise than the service's others.
 *
 * @param name unique within the service
 * @param match any of these
 * @param action what becomes of them
 * @param requests how they are treated on their way, with the service's own merged under it
 */
public record EffectiveRoute(
    String name, List<Route.Match> match, Action action, RequestPolicy requests) {
  public EffectiveRoute {
    Objects.requireNonNull(name);
    match = List.copyOf(match);
    Objects.requireNonNull(action);
    Objects.requireNonNull(requests);
  }

  /** What becomes of requests. */
  public sealed interface Action {
    /** They are divided as the service's split says. */
    record ToSplit(Optional<Rewrite> rewrite) implements Action {
      public ToSplit {
        Objects.requireNonNull(rewrite);
      }
    }

    /**
     * They go to versions.
     *
     * @param weights shares by version; a single version has all of it
     * @param rewrite what is asked for instead
     */
    record ToVersions(SortedMap<String, Integer> weights, Optional<Rewrite> rewrite)
        implements Action {
      public ToVersions {
        weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
        Objects.requireNonNull(rewrite);
      }
    }

    /**
     * The proxy answers by itself.
     *
     * @param status 200 to 599
     * @param body at most 4096 bytes of UTF-8; empty for none
     */
    record Respond(int status, String body) implements Action {
      public Respond {
        Objects.requireNonNull(body);
      }
    }

    /** The caller is told to go elsewhere. */
    record Redirect(dev.sluice.spec.Redirect to) implements Action {
      public Redirect {
        Objects.requireNonNull(to);
      }
    }
  }
}
