package dev.sluice.bench.load;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One simulated proxy: subscribes as Envoy does and acknowledges all that it is sent. */
final class Proxy implements GrpcConnection.Call {
  private final ProxyFleet fleet;
  private final int number;
  private boolean isSubscribed;
  private boolean isConfigured;
  private int endpointsHeld;

  Proxy(ProxyFleet fleet, int number) {
    this.fleet = fleet;
    this.number = number;
  }

  @Override
  public void opened(GrpcConnection connection) {
    // In a first connecting, what the first proxy was sent is not what this one holds.
    Held held = fleet.isReturning() ? fleet.held() : new Held();
    XdsMessages messages = fleet.messages();
    connection.send(
        messages.clusters(number, held.clusters().version(), held.clusters().versions()));
    if (fleet.isReturning()) {
      isSubscribed = true;
      isConfigured = true;
      connection.send(
          messages.endpoints(
              held.endpoints().versions().keySet(),
              held.endpoints().version(),
              held.endpoints().versions()));
      fleet.returned();
    }
  }

  @Override
  public void message(GrpcConnection connection, ByteBuf message) {
    long now = System.nanoTime();
    ResponseScan scan = fleet.scan();
    scan.read(message);
    Held held = fleet.held();
    if (number == 0) {
      scan.resources(message, (name, version) -> held.note(scan.isEndpoints(), name, version));
      held.responded(scan);
    }
    connection.send(fleet.messages().acknowledge(scan, held.names()));
    if (!isSubscribed && !scan.isEndpoints()) {
      isSubscribed = true;
      List<String> names = new ArrayList<>();
      scan.resources(message, (name, version) -> names.add(name));
      connection.send(fleet.messages().endpoints(names, "", Map.of()));
    }
    fleet.received(number, scan, now);
    if (scan.isEndpoints() && !isConfigured) {
      endpointsHeld += scan.count();
      if (endpointsHeld >= fleet.clusters()) {
        isConfigured = true;
        fleet.configured();
      }
    }
  }

  @Override
  public void closed(String reason) {
    fleet.lost(number, reason);
  }
}
