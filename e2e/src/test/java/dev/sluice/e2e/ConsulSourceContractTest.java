package dev.sluice.e2e;

import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.consul.Addresses;
import dev.sluice.server.consul.ConsulAccess;
import dev.sluice.server.consul.ConsulClient;
import dev.sluice.server.source.SourceContract;
import dev.sluice.server.source.consul.ConsulSource;
import dev.sluice.server.source.consul.ConsulSource.Options;
import dev.sluice.server.source.consul.ConsulSource.WantedServices;
import dev.sluice.source.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The source of a real Consul passes what every source has to. */
@NeedsConsul
class ConsulSourceContractTest extends SourceContract {
  @TempDir static Path folder;
  private static ConsulServer consul;

  private final Map<String, Set<ConsulInstance>> registered = new HashMap<>();
  private final Set<String> gateways = new HashSet<>();

  @BeforeAll
  static void startConsul() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    consul = ConsulServer.start(folder, ConsulOptions.of("dc1"));
  }

  @AfterAll
  static void stopConsul() {
    Awaitility.reset();
    consul.close();
  }

  @AfterEach
  void forgetEverything() {
    Set.copyOf(registered.keySet()).forEach(this::removeService);
    Set.copyOf(gateways).forEach(this::removeGateway);
  }

  @Override
  protected Source newSource() {
    try {
      return new ConsulSource(
          "dc1",
          new ConsulClient(ConsulAccess.of(URI.create(consul.address()))),
          DocumentParser.reader(),
          new Options(
              "shop",
              80,
              new WantedServices(List.of(), List.of()),
              Addresses.USUAL,
              Optional.of("sluice/"),
              Duration.ZERO,
              10,
              true));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void putService(String name, String... addresses) {
    Set<ConsulInstance> before = registered.getOrDefault(name, Set.of());
    Set<ConsulInstance> now = new HashSet<>();
    for (String address : addresses) {
      now.add(ConsulInstance.of(name, name + "-" + address.replace('.', '-'), address, 8080));
    }
    now.forEach(consul.api().catalog()::register);
    before.stream().filter(one -> !now.contains(one)).forEach(consul.api().catalog()::deregister);
    registered.put(name, now);
  }

  @Override
  protected void removeService(String name) {
    registered.getOrDefault(name, Set.of()).forEach(consul.api().catalog()::deregister);
    registered.remove(name);
  }

  @Override
  protected void putGateway(String name, String host) {
    gateways.add(name);
    consul
        .api()
        .putKey(
            "sluice/" + name,
            """
            apiVersion: sluice.dev/v1
            kind: Gateway
            metadata: {name: %s, namespace: shop}
            spec:
              proxies: {selector: {app: edge}}
              listeners: [{name: http, port: 8080, protocol: HTTP, hosts: [%s]}]
            """
                .formatted(name, host));
  }

  @Override
  protected void removeGateway(String name) {
    gateways.remove(name);
    consul.api().deleteKey("sluice/" + name);
  }

  @Override
  protected void breakPeer() {
    consul.kill();
  }

  @Override
  protected void restorePeer() {
    consul.start();
  }
}
