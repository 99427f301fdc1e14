package dev.sluice.server.diff;

import dev.sluice.catalog.SourceName;
import dev.sluice.node.NodeGroup;
import dev.sluice.problem.Problem;
import dev.sluice.server.catalog.Change;
import dev.sluice.server.overrides.RefusedException;
import dev.sluice.server.overrides.RefusedException.Why;
import dev.sluice.server.pipeline.Moment;
import dev.sluice.server.pipeline.Preview;
import dev.sluice.server.xds.NodeStatus;
import dev.sluice.source.DocumentReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Says what changes of documents would come to, by the code that the pipeline runs, beside it. Any
 * thread may call it, and does all the work but for taking the moment.
 */
public final class Diffs {
  private static final int MOST_AT_ONCE = 2;
  private static final long MOMENT_SECONDS = 10;

  private final DiffFacts facts;
  private final DocumentReader reader;
  private final Semaphore turns = new Semaphore(MOST_AT_ONCE);

  /** Differences from what is live. */
  public Diffs(DiffFacts facts, DocumentReader reader) {
    this.facts = facts;
    this.reader = reader;
  }

  /**
   * What the request would change.
   *
   * @throws RefusedException when it cannot be said
   */
  public Difference of(DiffRequest request) {
    Candidates candidates = Candidates.read(request.texts(), reader);
    SourceName home = home(request);
    return at(
        moment -> {
          Candidates.Outcome outcome =
              candidates.beside(moment.image(), request, home, moment.now());
          Change change = moment.image().changeBy(outcome.updates(), moment.now());
          return of(outcome.changes(), candidates.problems(), moment.preview(change));
        });
  }

  /**
   * What another change would come to.
   *
   * @param preview tries it on the moment
   * @throws RefusedException when it cannot be said
   */
  public Difference of(List<DocumentChange> changes, Function<Moment, Preview> preview) {
    return at(moment -> of(changes, List.of(), preview.apply(moment)));
  }

  private Difference of(List<DocumentChange> changes, List<Problem> wrong, Preview preview) {
    Map<NodeGroup, Integer> proxies = new HashMap<>();
    List<NodeStatus> connected = facts.proxies().get();
    connected.forEach(proxy -> proxies.merge(proxy.group(), 1, Integer::sum));
    TreeSet<Problem> problems = new TreeSet<>(wrong);
    problems.addAll(preview.problems());
    return new Difference(
        changes,
        GroupDifference.of(preview.groups(), proxies),
        List.copyOf(problems),
        Warnings.of(preview.groups(), connected, facts.load().get(), facts.quarantine().get()));
  }

  private Difference at(Function<Moment, Difference> look) {
    if (!facts.synced().getAsBoolean()) {
      throw new RefusedException(
          Why.UNAVAILABLE, "not every source has synced; see /readyz, and try again");
    }
    if (!turns.tryAcquire()) { // Who waits keeps a thread that others need.
      throw new RefusedException(Why.UNAVAILABLE, "others ask for differences just now; try again");
    }
    try {
      return look.apply(facts.moment().get().get(MOMENT_SECONDS, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefusedException(Why.UNAVAILABLE, "the server stops");
    } catch (ExecutionException e) {
      throw new IllegalStateException("the pipeline could not be looked at", e);
    } catch (TimeoutException e) {
      throw new RefusedException(
          Why.UNAVAILABLE,
          "the server is busy with changes for over %d s; try again".formatted(MOMENT_SECONDS));
    } finally {
      turns.release();
    }
  }

  private SourceName home(DiffRequest request) {
    if (request.source().isPresent()) {
      SourceName wanted = request.source().get();
      if (!facts.sources().contains(wanted)) {
        throw new RefusedException(
            Why.WRONG, "no source %s holds documents; %s".formatted(wanted, there()));
      }
      return wanted;
    }
    if (request.rest() == DiffRequest.Rest.GONE && facts.sources().size() != 1) {
      throw new RefusedException(
          Why.WRONG, "say of which source these are all documents; " + there());
    }
    return facts.sources().isEmpty() ? new SourceName("file", "files") : facts.sources().getFirst();
  }

  private String there() {
    return facts.sources().isEmpty()
        ? "this server has none that does"
        : "there are "
            + String.join(", ", facts.sources().stream().map(SourceName::toString).toList());
  }
}
