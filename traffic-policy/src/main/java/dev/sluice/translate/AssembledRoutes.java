package dev.sluice.translate;

import dev.sluice.problem.Problem;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.List;
import java.util.Objects;

/**
 * A RouteConfiguration of many services.
 *
 * @param routes the RouteConfiguration
 * @param problems hosts that several services claim; the first by name has them
 */
public record AssembledRoutes(RouteConfiguration routes, List<Problem> problems) {
  public AssembledRoutes {
    Objects.requireNonNull(routes);
    problems = List.copyOf(problems);
  }
}
