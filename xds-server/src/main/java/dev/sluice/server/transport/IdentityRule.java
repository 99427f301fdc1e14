package dev.sluice.server.transport;

import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.spec.Required;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an identity allows a proxy to claim: its service, namespace, {@code node.id} and role. One
 * rule that allows a claim is enough.
 *
 * @param uri the identities, with what is claimed in them
 * @param service the only service that the rule is for, {@code name.namespace}; {@code *} for all;
 *     null for all too, where the identity says which
 * @param role the only role that the rule is for; null for all
 */
public record IdentityRule(
    @Required IdentityUri uri, @Nullable String service, @Nullable Role role) {
  private static final String ALL = "*";

  public IdentityRule {
    Objects.requireNonNull(uri);
    if (service == null && !uri.isBound()) {
      throw new IllegalArgumentException(
          "\""
              + uri
              + "\" may claim every service; write {service} in it, or beside it which service"
              + " (service: web.shop, or \"*\" for all)");
    }
    if (service != null && !service.equals(ALL) && service.indexOf('.') < 1) {
      throw new IllegalArgumentException(
          "service \"" + service + "\" has no namespace; write name.namespace, or \"*\" for all");
    }
  }

  /** Why the rule does not let a proxy of this identity be that one; nothing if it does. */
  Optional<String> refusal(String identity, String id, NodeGroup group) {
    if (role != null && role != group.role()) {
      return Optional.of("is for role " + role.name().toLowerCase(Locale.ROOT));
    }
    if (service != null && !service.equals(ALL) && !service.equals(group.service().toString())) {
      return Optional.of("is for service " + service);
    }
    return uri.matches(identity, id, group)
        ? Optional.empty()
        : Optional.of("wants " + uri.wanted(id, group));
  }
}
