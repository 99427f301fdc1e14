package dev.sluice.translate;

import dev.sluice.catalog.ServiceId;
import dev.sluice.problem.Location;
import java.util.Objects;

/**
 * A port of a service that gateway proxies call for themselves, over a Cluster of its own: one that
 * is there whatever the sources know, because Envoy refuses a listener that names a Cluster it
 * lacks.
 *
 * @param use what it is called for; begins the Cluster's name
 * @param service the service
 * @param port its port's number
 * @param wire what it is spoken to in
 * @param location where the document says so
 * @param path the JSON path there
 */
public record CalledService(
    Use use, ServiceId service, int port, Wire wire, Location location, String path) {
  public CalledService {
    Objects.requireNonNull(use);
    Objects.requireNonNull(service);
    Objects.requireNonNull(wire);
    Objects.requireNonNull(location);
    Objects.requireNonNull(path);
  }

  /** What a service is called for. */
  public enum Use {
    /** To say whether a request may pass. */
    AUTHZ("authz"),
    /** To count requests. */
    RATE_LIMIT("ratelimit"),
    /** To take log lines. */
    ACCESS_LOG("accesslog"),
    /** To take spans. */
    TRACING("tracing");

    private final String word;

    Use(String word) {
      this.word = word;
    }
  }

  /** What a service is spoken to in. */
  public enum Wire {
    /** HTTP/1.1. */
    HTTP,
    /** gRPC, and so HTTP/2. */
    GRPC
  }

  /** The name of its Cluster; another for each of the wires, which one Cluster cannot speak. */
  String cluster() {
    return use.word + (wire == Wire.HTTP ? "-http|" : "|") + assignment();
  }

  /** Its host and port, as a request over HTTP names them. */
  String authority() {
    return service + ":" + port;
  }

  /** The name of the assignment of all its instances, which its service has anyhow. */
  String assignment() {
    return Names.whole(service, port);
  }
}
