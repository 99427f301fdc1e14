package dev.sluice.spec;

/** One of the four kinds of document ({@code sluice.dev/v1}). */
public sealed interface Document permits TrafficPolicy, Gateway, InstanceOverride, StaticService {
  /** Name and namespace. */
  Metadata metadata();

  /** Where it was read, with the position of every value. */
  Origin origin();

  /** Which of the kinds it is. */
  Kind kind();

  /** What it is known by. */
  default DocumentKey key() {
    return new DocumentKey(kind(), metadata().namespace(), metadata().name());
  }
}
