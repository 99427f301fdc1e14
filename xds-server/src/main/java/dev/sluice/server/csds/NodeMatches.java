package dev.sluice.server.csds;

import com.google.protobuf.Struct;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.type.matcher.v3.NodeMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Which nodes a request of client statuses is about. */
final class NodeMatches {
  private NodeMatches() {}

  /** The nodes that one of {@code matchers} takes; all where there is none. */
  static Predicate<Node> anyOf(List<NodeMatcher> matchers) throws UnusableMatcherException {
    List<Predicate<Node>> alternatives = new ArrayList<>();
    for (int i = 0; i < matchers.size(); i++) {
      alternatives.add(of(matchers.get(i), "node_matchers[%d]".formatted(i)));
    }
    return node ->
        alternatives.isEmpty()
            || alternatives.stream().anyMatch(alternative -> alternative.test(node));
  }

  private static Predicate<Node> of(NodeMatcher matcher, String path)
      throws UnusableMatcherException {
    Predicate<Node> all = node -> true;
    if (matcher.hasNodeId()) {
      Predicate<String> id = StringMatches.of(matcher.getNodeId(), path + ".node_id");
      all = all.and(node -> id.test(node.getId()));
    }
    for (int i = 0; i < matcher.getNodeMetadatasCount(); i++) {
      Predicate<Struct> metadata =
          ValueMatches.of(matcher.getNodeMetadatas(i), "%s.node_metadatas[%d]".formatted(path, i));
      all = all.and(node -> metadata.test(node.getMetadata()));
    }
    return all;
  }
}
