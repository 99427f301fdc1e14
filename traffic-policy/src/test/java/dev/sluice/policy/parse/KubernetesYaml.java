package dev.sluice.policy.parse;

import java.util.Map;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.representer.StandardRepresenter;

/** Writes YAML that means the same to readers of YAML 1.1, which kubectl is, and of 1.2. */
final class KubernetesYaml {
  /** What YAML 1.1 may take for something else than text. */
  private static final Pattern AMBIGUOUS =
      Pattern.compile("(?i)y|n|yes|no|on|off|true|false|null|~||[-+.]?\\d.*");

  private static final int WIDTH = 100;

  private KubernetesYaml() {}

  static String write(Map<String, Object> document) {
    DumpSettings settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setWidth(WIDTH)
            .setDereferenceAliases(true)
            .build();
    return new Dump(settings, new Quoting(settings)).dumpToString(document);
  }

  private static final class Quoting extends StandardRepresenter {
    Quoting(DumpSettings settings) {
      super(settings);
    }

    @Override
    protected Node representScalar(Tag tag, String value, ScalarStyle style) {
      return super.representScalar(tag, value, tag.equals(Tag.STR) ? styleOf(value) : style);
    }

    private static ScalarStyle styleOf(String value) {
      if (value.contains("\n")) {
        return ScalarStyle.LITERAL;
      }
      return AMBIGUOUS.matcher(value).matches() ? ScalarStyle.SINGLE_QUOTED : ScalarStyle.PLAIN;
    }
  }
}
