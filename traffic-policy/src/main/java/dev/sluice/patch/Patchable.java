package dev.sluice.patch;

import com.google.protobuf.Message;
import dev.sluice.problem.JsonPath;
import dev.sluice.spec.Tree;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.List;
import java.util.function.BiConsumer;

/** What of Envoy's a document may patch. */
public enum Patchable {
  /** {@code envoy.config.cluster.v3.Cluster}. */
  CLUSTER(Cluster.getDefaultInstance()),
  /** {@code envoy.config.route.v3.Route}. */
  ROUTE(Route.getDefaultInstance()),
  /** {@code envoy.config.listener.v3.Listener}. */
  LISTENER(Listener.getDefaultInstance());

  /** By what the resource is known to the others, and to the statistics. */
  private static final String NAME = "name";

  private final Message prototype;

  Patchable(Message prototype) {
    this.prototype = prototype;
  }

  /**
   * Tells what in a patch could not be merged over any message of the kind. What is told of nothing
   * can be given to {@link #apply}.
   *
   * @param path where the patch stands
   * @param problems takes the path of each value that is wrong, and what is wrong with it
   */
  public void check(Tree patch, String path, BiConsumer<String, String> problems) {
    if (patch.fields().containsKey(NAME)) {
      problems.accept(
          JsonPath.key(path, NAME), "a patch cannot rename what it is merged over; remove it");
    }
    new TreeMerge(problems).merge(prototype.newBuilderForType(), patch, path);
  }

  /**
   * The message with the patches merged over it, one after the other.
   *
   * @param patches that {@link #check} has no objection to
   */
  public static <M extends Message> M apply(M message, List<Tree> patches) {
    if (patches.isEmpty()) {
      return message;
    }
    Message.Builder patched = message.toBuilder();
    TreeMerge merge = new TreeMerge((path, problem) -> {});
    patches.forEach(patch -> merge.merge(patched, patch, JsonPath.ROOT));
    @SuppressWarnings("unchecked") // A message's builder builds messages of its type.
    M built = (M) patched.build();
    return built;
  }
}
