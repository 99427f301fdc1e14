package dev.sluice.server.cli;

import picocli.CommandLine.Parameters;

/** {@code SERVICE INSTANCE}: the instance that is taken out of traffic, or put back in. */
final class InstanceOptions {
  @Parameters(
      index = "0",
      paramLabel = "SERVICE",
      description = "Its service: name.namespace, or name where one namespace alone has it.")
  private String service = "";

  @Parameters(
      index = "1",
      paramLabel = "INSTANCE",
      description =
          "Its address, with or without the port, as 'sluice get services -o wide' shows it; or its"
              + " pod's name.")
  private String instance = "";

  /** Where the admin API has it. */
  String path() {
    return "/v1/services/%s/instances/%s/override"
        .formatted(AdminClient.segment(service), AdminClient.segment(instance));
  }
}
