package dev.sluice.server.csds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.server.snapshot.Provenance;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import io.envoyproxy.envoy.admin.v3.ClientResourceStatus;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.status.v3.ClientConfig;
import io.envoyproxy.envoy.service.status.v3.ClientConfig.GenericXdsConfig;
import io.envoyproxy.envoy.service.status.v3.ClientStatusRequest;
import io.envoyproxy.envoy.service.status.v3.ConfigStatus;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What client statuses tell of a proxy, at the wire. */
class ClientStatusContentsTest extends ClientStatusTest {
  @Test
  void whatAProxyAcknowledgedIsToldWithItsContents() throws Exception {
    Proxy proxy = new Proxy("one", "r1");
    publish(cluster("a", "1"));
    proxy.accept();
    await().until(() -> only("a").getConfigStatus() == ConfigStatus.SYNCED);

    ClientConfig client = fetch().getConfig(0);
    assertThat(client.getNode().getId()).isEqualTo("one");
    assertThat(client.getNode().getUserAgentName()).isEqualTo("envoy");
    GenericXdsConfig config = client.getGenericXdsConfigs(0);
    assertThat(client.getGenericXdsConfigsCount()).isEqualTo(1);
    assertThat(config.getTypeUrl()).isEqualTo(ResourceType.CLUSTER.typeUrl());
    assertThat(config.getVersionInfo()).isEqualTo(cluster("a", "1").version());
    assertThat(config.getClientStatus()).isEqualTo(ClientResourceStatus.ACKED);
    assertThat(config.getXdsConfig()).isEqualTo(cluster("a", "1").packed());
    assertThat(config.getLastUpdated().getSeconds())
        .isBetween(Instant.now().getEpochSecond() - 60, Instant.now().getEpochSecond());
    assertThat(config.hasErrorState()).isFalse();

    ClientStatusRequest withoutContents =
        ClientStatusRequest.newBuilder().setExcludeResourceContents(true).build();
    GenericXdsConfig bare = fetch(withoutContents).getConfig(0).getGenericXdsConfigs(0);
    assertThat(bare.hasXdsConfig()).isFalse();
    assertThat(bare.getVersionInfo()).isEqualTo(cluster("a", "1").version());
  }

  @Test
  void whatIsOnItsWayIsRequestedAndWhatDoesNotExistIsSaidSo() {
    var _ = new Proxy("one", "r1", "a", "missing");
    publish(cluster("a", "1"));
    await().until(() -> only("a").getConfigStatus() == ConfigStatus.STALE);
    assertThat(only("a").getClientStatus()).isEqualTo(ClientResourceStatus.REQUESTED);
    assertThat(only("a").getVersionInfo()).isEmpty();
    assertThat(only("missing").getConfigStatus()).isEqualTo(ConfigStatus.NOT_SENT);
    assertThat(only("missing").getClientStatus()).isEqualTo(ClientResourceStatus.DOES_NOT_EXIST);
  }

  @Test
  void whatIsMeantForAProxyAndNotSentIsRequested() {
    var _ = new Proxy("one", "r1");
    publish(cluster("a", "1"));
    await().until(() -> only("a").getConfigStatus() == ConfigStatus.STALE);
    publish(cluster("b", "1"));
    assertThat(only("b").getConfigStatus())
        .as("a is not answered")
        .isEqualTo(ConfigStatus.NOT_SENT);
    assertThat(only("b").getClientStatus()).isEqualTo(ClientResourceStatus.REQUESTED);
  }

  @Test
  void aRefusalIsToldWithWhatWasRefusedBesideWhatTheProxyUses() throws Exception {
    Proxy proxy = new Proxy("one", "r1");
    publish(cluster("a", "1"));
    proxy.accept();
    publish(cluster("a", "bad"));
    proxy.refuse("cluster a: no");
    await().until(() -> only("a").getConfigStatus() == ConfigStatus.ERROR);

    GenericXdsConfig config = only("a");
    assertThat(config.getClientStatus()).isEqualTo(ClientResourceStatus.NACKED);
    assertThat(config.getVersionInfo()).isEqualTo(cluster("a", "1").version());
    assertThat(config.hasXdsConfig()).as("the server has no old contents").isFalse();
    assertThat(config.getErrorState().getDetails()).isEqualTo("cluster a: no");
    assertThat(config.getErrorState().getVersionInfo()).isEqualTo(cluster("a", "bad").version());
    assertThat(config.getErrorState().getFailedConfiguration())
        .isEqualTo(cluster("a", "bad").packed());
    assertThat(config.getErrorState().hasLastUpdateAttempt()).isTrue();

    publish(cluster("a", "2"));
    proxy.accept();
    await().until(() -> only("a").getConfigStatus() == ConfigStatus.SYNCED);
    assertThat(only("a").hasErrorState()).isFalse();
  }

  @Test
  void aSecretsContentIsNotTold() throws Exception {
    Proxy proxy = new Proxy("one", "r1", "none");
    String type = ResourceType.SECRET.typeUrl();
    proxy.server.onNext(
        DeltaDiscoveryRequest.newBuilder()
            .setTypeUrl(type)
            .addResourceNamesSubscribe("key")
            .build());
    Secret secret = Secret.newBuilder().setName("key").build();
    publish(Resource.of(ResourceType.SECRET, "key", secret, Provenance.NONE));
    DeltaDiscoveryResponse response = proxy.receive();
    while (!response.getTypeUrl().equals(type)) {
      response = proxy.receive();
    }
    proxy.server.onNext(
        DeltaDiscoveryRequest.newBuilder()
            .setTypeUrl(type)
            .setResponseNonce(response.getNonce())
            .build());
    await().until(() -> only("key").getConfigStatus() == ConfigStatus.SYNCED);
    assertThat(only("key").getVersionInfo()).isNotEmpty();
    assertThat(only("key").hasXdsConfig()).isFalse();
  }
}
