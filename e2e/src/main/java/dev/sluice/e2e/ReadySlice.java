package dev.sluice.e2e;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.List;

/** An EndpointSlice that no controller makes, as of a service without a selector. */
public final class ReadySlice {
  private static final int PORT = 8080;

  private ReadySlice() {}

  /** One of ready IPv4 instances that listen on port 8080, called {@code http}. */
  public static EndpointSlice of(
      String namespace, String service, String name, List<String> addresses) {
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .addToLabels("kubernetes.io/service-name", service)
        .endMetadata()
        .withAddressType("IPv4")
        .addNewPort()
        .withName("http")
        .withPort(PORT)
        .withProtocol("TCP")
        .endPort()
        .withEndpoints(
            addresses.stream()
                .map(
                    address ->
                        new EndpointBuilder()
                            .withAddresses(address)
                            .withNewConditions()
                            .withReady(true)
                            .endConditions()
                            .build())
                .toList())
        .build();
  }
}
