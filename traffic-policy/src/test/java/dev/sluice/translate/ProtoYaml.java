package dev.sluice.translate;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest;
import io.envoyproxy.envoy.extensions.load_balancing_policies.random.v3.Random;
import io.envoyproxy.envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin;
import io.envoyproxy.envoy.extensions.load_balancing_policies.wrr_locality.v3.WrrLocality;
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** Protos as YAML, with the fields' own names. */
final class ProtoYaml {
  private static final JsonFormat.Printer JSON =
      JsonFormat.printer()
          .preservingProtoFieldNames()
          .usingTypeRegistry(
              TypeRegistry.newBuilder()
                  .add(HttpConnectionManager.getDescriptor())
                  .add(HttpProtocolOptions.getDescriptor())
                  .add(LeastRequest.getDescriptor())
                  .add(PreviousHostsPredicate.getDescriptor())
                  .add(Random.getDescriptor())
                  .add(RoundRobin.getDescriptor())
                  .add(Router.getDescriptor())
                  .add(WrrLocality.getDescriptor())
                  .build());

  private ProtoYaml() {}

  static String json(MessageOrBuilder proto) {
    try {
      return JSON.print(proto);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("an Any that ProtoYaml does not know", e);
    }
  }

  /** A list of protos, or nothing where there are none. */
  static String yaml(List<? extends Message> protos) {
    List<Object> trees = new ArrayList<>();
    for (Message proto : protos) {
      trees.add(new Load(LoadSettings.builder().build()).loadFromString(json(proto)));
    }
    DumpSettings block =
        DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).setWidth(120).build();
    return trees.isEmpty() ? "" : new Dump(block).dumpToString(trees);
  }
}
