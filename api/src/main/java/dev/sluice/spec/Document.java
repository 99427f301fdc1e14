package dev.sluice.spec;

/** One of the four kinds of document ({@code sluice.dev/v1}). */
public sealed interface Document permits TrafficPolicy, Gateway, InstanceOverride, StaticService {
  /** Name and namespace. */
  Metadata metadata();

  /** Where it was read, with the position of every value. */
  Origin origin();

  /** Which of the kinds it is. */
  Kind kind();

  /** The same, read elsewhere. */
  default Document at(Origin other) {
    return switch (this) {
      case TrafficPolicy it -> new TrafficPolicy(it.metadata(), it.spec(), other, it.parts());
      case Gateway it -> new Gateway(it.metadata(), it.spec(), other);
      case InstanceOverride it -> new InstanceOverride(it.metadata(), it.spec(), other, it.since());
      case StaticService it -> new StaticService(it.metadata(), it.spec(), other);
    };
  }

  /** What it is known by. */
  default DocumentKey key() {
    return new DocumentKey(kind(), metadata().namespace(), metadata().name());
  }
}
