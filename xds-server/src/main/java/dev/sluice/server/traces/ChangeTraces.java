package dev.sluice.server.traces;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.pipeline.Published;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.xds.XdsMetrics;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes a trace of each revision: {@code change} from a source's word to the last acknowledgement,
 * and below it {@code catalog}, {@code attach}, {@code translate}, {@code snapshot}, and {@code
 * push} for each proxy and type. Any thread; its lock is held for moments alone.
 */
final class ChangeTraces implements Traces {
  private static final AttributeKey<Long> REVISION = AttributeKey.longKey("sluice.revision");
  private static final AttributeKey<String> CAUSE = AttributeKey.stringKey("sluice.cause");
  private static final AttributeKey<String> SOURCES = AttributeKey.stringKey("sluice.sources");
  private static final AttributeKey<String> PROXY = AttributeKey.stringKey("sluice.proxy");
  private static final AttributeKey<String> TYPE = AttributeKey.stringKey("sluice.type");
  private static final AttributeKey<Long> LEFT_OUT = AttributeKey.longKey("sluice.pushes_left_out");

  /** What has more proxies is traced with the first of them. */
  private static final int MOST_PUSHES = 200;

  /** What is traced at a time; a proxy may be away for long. */
  private static final int MOST_OPEN = 100;

  private final Tracer tracer;
  private final InstantSource clock;
  private final TreeMap<Long, Open> open = new TreeMap<>(); // Guarded by this.

  /** What is new to a group by those that are open, the newest first. Guarded by this. */
  private final Map<NodeGroup, ArrayDeque<News>> news = new HashMap<>();

  /** What a revision has for a group. */
  private record News(Open revision, Set<ResourceType> types) {}

  /** A revision that proxies are still acknowledging. */
  private static final class Open {
    final Span span;
    final Published published;
    final Set<String> pushes = new HashSet<>();
    Instant last;
    long leftOut;

    Open(Span span, Published published) {
      this.span = span;
      this.published = published;
      this.last = published.ended();
    }
  }

  ChangeTraces(Tracer tracer, InstantSource clock) {
    this.tracer = tracer;
    this.clock = clock;
  }

  @Override
  public synchronized void published(Published of) {
    Instant began = of.causes().firstSeen();
    Span span =
        tracer
            .spanBuilder("change")
            .setNoParent()
            .setStartTimestamp(began)
            .setAttribute(REVISION, of.revision().id())
            .setAttribute(CAUSE, of.revision().cause())
            .setAttribute(SOURCES, of.causes().sources().toString())
            .startSpan();
    Open one = new Open(span, of);
    stage(one, "catalog", began, of.began());
    stage(one, "attach", of.began(), of.attached());
    stage(one, "translate", of.attached(), of.translated());
    stage(one, "snapshot", of.translated(), of.ended());
    open.put(of.revision().id(), one);
    of.revision()
        .groups()
        .forEach(
            (group, summary) ->
                news.computeIfAbsent(group, _ -> new ArrayDeque<>())
                    .addFirst(new News(one, summary.types().keySet())));
    if (open.size() > MOST_OPEN) {
      end(open.pollFirstEntry(), Outcome.GIVEN_UP);
    }
  }

  private void stage(Open of, String name, Instant from, Instant to) {
    child(of, name, from).end(to);
  }

  private Span child(Open of, String name, Instant from) {
    return tracer
        .spanBuilder(name)
        .setParent(Context.root().with(of.span))
        .setStartTimestamp(from)
        .setAttribute(REVISION, of.published.revision().id())
        .startSpan();
  }

  /** A response brings all revisions that were out when it was sent. */
  @Override
  public synchronized void answered(
      NodeGroup group, String proxy, ResourceType type, XdsMetrics.Answer answer, long nanos) {
    ArrayDeque<News> all = news.get(group);
    if (all == null) {
      return;
    }
    Instant now = clock.instant();
    Instant sent = now.minusNanos(nanos);
    String key = type + " " + proxy;
    boolean isNewest = true;
    for (News one : all) {
      Open revision = one.revision();
      if (one.types().contains(type) && !sent.isBefore(revision.published.translated())) {
        if (revision.pushes.size() < MOST_PUSHES) {
          if (revision.pushes.add(key)) {
            push(revision, proxy, type, answer, sent, now);
          }
        } else if (isNewest && !revision.pushes.contains(key)) {
          revision.last = now; // No name is kept any more: it counts for the newest alone.
          revision.leftOut++;
        }
        isNewest = false;
      }
    }
  }

  private void push(
      Open of,
      String proxy,
      ResourceType type,
      XdsMetrics.Answer answer,
      Instant sent,
      Instant now) {
    of.last = now;
    Span push = child(of, "push", sent);
    push.setAttribute(PROXY, proxy).setAttribute(TYPE, type.shortName());
    if (answer == XdsMetrics.Answer.NACK) {
      push.setStatus(StatusCode.ERROR, "the proxy refused it");
    }
    push.end(now);
  }

  @Override
  public synchronized void ended(long revision, Outcome outcome) {
    Open one = open.remove(revision);
    if (one != null) {
      end(Map.entry(revision, one), outcome);
    }
  }

  private void end(Map.Entry<Long, Open> entry, Outcome outcome) {
    Open one = entry.getValue();
    one.published.revision().groups().keySet().forEach(group -> forget(one, group));
    if (outcome == Outcome.GIVEN_UP) {
      one.span.setStatus(StatusCode.ERROR, "not every proxy has acknowledged it");
    }
    if (one.leftOut > 0) {
      one.span.setAttribute(LEFT_OUT, one.leftOut);
    }
    one.span.end(one.last);
  }

  private void forget(Open one, NodeGroup group) {
    news.computeIfPresent(
        group,
        (_, all) -> {
          all.removeIf(it -> it.revision() == one);
          return all.isEmpty() ? null : all;
        });
  }

  @Override
  public synchronized void close() {
    open.entrySet().forEach(entry -> end(entry, Outcome.GIVEN_UP));
    open.clear();
  }
}
