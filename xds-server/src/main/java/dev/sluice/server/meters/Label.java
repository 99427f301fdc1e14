package dev.sluice.server.meters;

/**
 * What tells the series of one meter apart. None is a single proxy or service, so that the number
 * of series is bounded.
 */
public enum Label {
  TYPE("type", "the type of the resources: CDS, EDS, LDS, RDS, SDS, ECDS, RTDS, SRDS or VHDS"),
  VARIANT("variant", "of the protocol: delta or SotW"),
  REASON(
      "reason",
      "message-size, names, connection-streams, streams, rate, identity, certificate (of a client"
          + " that is not trusted) or stopping"),
  LONGER_THAN("longer_than", "seconds: 1, 10, 60 or 600"),
  SOURCE("source", "as it is configured, such as kubernetes/dc1"),
  HEALTH("health", "healthy, draining or unhealthy"),
  KIND("kind", "of document, such as TrafficPolicy"),
  PHASE(
      "phase",
      "readying, shifting, holding, approving, keeping, reverting, complete, reverted, given_up or"
          + " blocked"),
  OUTCOME("outcome", "allowed, denied, or illegible where the request could not be read"),
  PORT("port", "xds, admin or webhook"),
  METHOD("method", "of HTTP"),
  PATH("path", "as the OpenAPI document has it, or none where nothing is there"),
  STATUS("status", "of HTTP"),
  VERSION("version", "of the server");

  private final String word;
  private final String meaning;

  Label(String word, String meaning) {
    this.word = word;
    this.meaning = meaning;
  }

  /** As Prometheus has it. */
  public String word() {
    return word;
  }

  /** What its values may be. */
  public String meaning() {
    return meaning;
  }
}
