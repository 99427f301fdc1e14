package dev.sluice.server.kubernetes;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.Locale;

/** The custom resources of {@code sluice.dev/v1}, as clients name them. */
public final class Definitions {
  /** Their API group. */
  public static final String GROUP = "sluice.dev";

  private Definitions() {}

  /** How the objects of a kind, such as {@code TrafficPolicy}, are addressed. */
  public static ResourceDefinitionContext of(String kind) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(GROUP)
        .withVersion("v1")
        .withKind(kind)
        .withPlural(plural(kind))
        .withNamespaced(true)
        .build();
  }

  /** The plural of a kind, such as {@code trafficpolicies}. */
  public static String plural(String kind) {
    String word = kind.toLowerCase(Locale.ROOT);
    boolean consonant = word.endsWith("y") && !word.endsWith("ay");
    return consonant ? word.substring(0, word.length() - 1) + "ies" : word + "s";
  }
}
