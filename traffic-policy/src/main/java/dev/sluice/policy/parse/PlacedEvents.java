package dev.sluice.policy.parse;

import dev.sluice.problem.Location;
import java.util.Iterator;
import org.snakeyaml.engine.v2.events.Event;

/** A parser's events, with how far into the text they have come. */
final class PlacedEvents implements Iterator<Event> {
  private final String file;
  private final Iterator<Event> events;
  private Location reached;

  PlacedEvents(String file, Iterator<Event> events) {
    this.file = file;
    this.events = events;
    this.reached = new Location(file, 1, 1);
  }

  @Override
  public boolean hasNext() {
    return events.hasNext();
  }

  @Override
  public Event next() {
    Event event = events.next();
    event.getEndMark().ifPresent(mark -> reached = Composer.location(file, mark));
    return event;
  }

  /** Where the last event ended; the text's beginning before the first. */
  Location reached() {
    return reached;
  }
}
