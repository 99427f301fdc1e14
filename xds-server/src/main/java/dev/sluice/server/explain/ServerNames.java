package dev.sluice.server.explain;

import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import java.util.List;
import java.util.Optional;

/**
 * Which filter chain takes a client that asks for a name ({@code FilterChainMatch.server_names}):
 * the one of the name itself, else of the longest {@code *.x}, else one that asks for none.
 */
final class ServerNames {
  private ServerNames() {}

  static Optional<FilterChain> chain(List<FilterChain> chains, String host) {
    String name = Texts.lower(host);
    Optional<FilterChain> exact = named(chains, name);
    for (int dot = name.indexOf('.');
        exact.isEmpty() && dot >= 0;
        dot = name.indexOf('.', dot + 1)) {
      exact = named(chains, "*" + name.substring(dot));
    }
    return exact.or(
        () ->
            chains.stream()
                .filter(chain -> chain.getFilterChainMatch().getServerNamesCount() == 0)
                .findFirst());
  }

  private static Optional<FilterChain> named(List<FilterChain> chains, String name) {
    return chains.stream()
        .filter(chain -> chain.getFilterChainMatch().getServerNamesList().contains(name))
        .findFirst();
  }
}
