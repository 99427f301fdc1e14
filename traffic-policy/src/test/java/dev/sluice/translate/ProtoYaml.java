package dev.sluice.translate;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** Protos as YAML, with the fields' own names. */
final class ProtoYaml {
  private ProtoYaml() {}

  static String json(MessageOrBuilder proto) {
    try {
      return JsonFormat.printer()
          .preservingProtoFieldNames()
          .usingTypeRegistry(PackedTypes.registry(proto))
          .print(proto);
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
