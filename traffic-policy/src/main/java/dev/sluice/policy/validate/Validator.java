package dev.sluice.policy.validate;

import dev.sluice.problem.Problem;
import dev.sluice.spec.Document;
import dev.sluice.spec.Gateway;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.Metadata;
import dev.sluice.spec.Origin;
import dev.sluice.spec.Resilience;
import dev.sluice.spec.StaticService;
import dev.sluice.spec.TrafficPolicy;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;

/** Finds what is wrong with a document on its own: names, ranges, and rules across fields. */
public final class Validator {
  private Validator() {}

  /** All problems of a document that was read without any, sorted. */
  public static List<Problem> validate(Document document) {
    return validate(document, Collections.emptySortedSet());
  }

  /**
   * All problems of a document that could be read in part, sorted.
   *
   * @param lost paths of values that were written but could not be read; what depends on them is
   *     not judged
   */
  public static List<Problem> validate(Document document, SortedSet<String> lost) {
    Report report = new Report(document.origin(), lost);
    metadata(report.root().key("metadata"), document.metadata());
    At spec = report.root().key("spec");
    switch (document) {
      case TrafficPolicy policy -> PolicyRules.check(spec, policy);
      case Gateway gateway -> GatewayRules.check(spec, gateway.spec());
      case InstanceOverride override -> InstanceOverrideRules.check(spec, override.spec());
      case StaticService service -> StaticServiceRules.check(spec, service.spec());
    }
    return report.problems();
  }

  /**
   * All problems of the sections that {@code path} holds in a text that is no document, sorted.
   *
   * @param path their JSON path
   * @param lost paths of values that were written but could not be read; what depends on them is
   *     not judged
   */
  public static List<Problem> validate(
      Resilience given, String path, Origin origin, SortedSet<String> lost) {
    Report report = new Report(origin, lost);
    ResilienceRules.check(new At(report, path), given);
    return report.problems();
  }

  private static void metadata(At at, Metadata metadata) {
    Names.dnsLabel(at.key("name"), metadata.name());
    Names.dnsLabel(at.key("namespace"), metadata.namespace());
  }
}
