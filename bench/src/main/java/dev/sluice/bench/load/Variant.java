package dev.sluice.bench.load;

/** How the proxies subscribe on their aggregated stream. */
enum Variant {
  /** {@code DeltaAggregatedResources}. */
  DELTA("DeltaAggregatedResources"),
  /** {@code StreamAggregatedResources}. */
  SOTW("StreamAggregatedResources");

  static final String SERVICE = "envoy.service.discovery.v3.AggregatedDiscoveryService";

  private final String method;

  Variant(String method) {
    this.method = method;
  }

  /** The HTTP/2 path of the call. */
  String path() {
    return "/" + SERVICE + "/" + method;
  }
}
