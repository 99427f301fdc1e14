package dev.sluice.server.explain;

import dev.sluice.server.explain.Explanation.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a request meets, with the place that says it.
 *
 * @param places where documents say what
 * @param route the route's name within its service
 */
record Met(Places places, String route) {

  List<Setting> atRoute(Map<String, String> settings) {
    List<Setting> met = new ArrayList<>();
    settings.forEach((name, value) -> met.add(setting(name, value, "", "")));
    return met;
  }

  /** What is the same in all clusters is told once. */
  List<Setting> atClusters(Map<String, Callable> clusters) {
    Map<String, Map<String, String>> all = new LinkedHashMap<>();
    clusters.forEach(
        (name, callable) ->
            callable.cluster().ifPresent(one -> all.put(name, ClusterSettings.of(one))));
    String sole = all.size() == 1 ? version(all.keySet().iterator().next()) : "";
    List<Setting> met = new ArrayList<>();
    for (String name :
        all.values().stream().flatMap(each -> each.keySet().stream()).distinct().toList()) {
      List<String> values =
          all.values().stream().map(each -> value(each, name)).distinct().toList();
      if (values.size() == 1) {
        met.add(setting(name, values.getFirst(), "", sole));
      } else {
        all.forEach(
            (cluster, each) ->
                met.add(setting(name, value(each, name), version(cluster), version(cluster))));
      }
    }
    return met;
  }

  private Setting setting(String name, String value, String of, String version) {
    return new Setting(name, value, of, places.setting(name, route, version));
  }

  private static String value(Map<String, String> settings, String name) {
    return settings.getOrDefault(name, "none");
  }

  private static String version(String cluster) {
    return ClusterName.parse(cluster).flatMap(ClusterName::version).orElse("");
  }
}
