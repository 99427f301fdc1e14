package dev.sluice.server.source.consul;

import dev.sluice.server.consul.ConsulAnswer;
import dev.sluice.server.consul.ConsulException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What has arrived from Consul: the client's threads put it, the source's thread takes it. */
final class Arrivals {
  private final LinkedBlockingQueue<Arrival> queue = new LinkedBlockingQueue<>();

  /** Something to be seen to. */
  sealed interface Arrival {
    /**
     * An answer.
     *
     * @param turn which time of asking it answers
     */
    record Answered(Subject subject, long turn, ConsulAnswer answer) implements Arrival {
      public Answered {
        Objects.requireNonNull(subject);
        Objects.requireNonNull(answer);
      }
    }

    /** That there is no answer, see {@link Answered}. */
    record Failed(Subject subject, long turn, ConsulException failure) implements Arrival {
      public Failed {
        Objects.requireNonNull(subject);
        Objects.requireNonNull(failure);
      }
    }

    /** Nothing but a reason to look. */
    record Woken() implements Arrival {}
  }

  void put(Arrival arrival) {
    queue.add(arrival);
  }

  /** Waits until something is there or the time is over; gives all. */
  List<Arrival> take(long nanos) throws InterruptedException {
    List<Arrival> all = new ArrayList<>();
    Arrival first = queue.poll(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    if (first != null) {
      all.add(first);
      queue.drainTo(all);
    }
    return all;
  }
}
