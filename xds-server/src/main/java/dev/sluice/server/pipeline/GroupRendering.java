package dev.sluice.server.pipeline;

import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.problem.Problem;
import dev.sluice.secret.Secrets;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.translate.ProxyResources;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one group of proxies would be sent, built once and without a server.
 *
 * @param snapshot every resource but secrets, which no document holds
 * @param problems what could not be built of services or for the group, sorted
 */
public record GroupRendering(Snapshot snapshot, List<Problem> problems) {
  public GroupRendering {
    problems = List.copyOf(problems);
  }

  /** What the proxies of {@code group} would be sent while {@code index} holds, but for secrets. */
  public static GroupRendering of(NodeGroup group, PolicyIndex index) {
    ProxyResources proxy = ProxyResources.of(group, index.gateways());
    Translations translations = new Translations(index, Secrets.EMPTY);
    GroupView view = new GroupView(group, proxy, new Encoder(), Optional.empty());
    Set<ServiceId> services = index.services().keySet();
    view.update(services, translations);
    TreeSet<Problem> problems = new TreeSet<>(view.problems());
    services.forEach(id -> problems.addAll(translations.problems(id, proxy.client())));
    return new GroupRendering(view.snapshot(), List.copyOf(problems));
  }
}
