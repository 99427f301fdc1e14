package dev.sluice.policy.parse;

import dev.sluice.spec.Metadata;
import dev.sluice.spec.Required;
import java.time.Instant;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** {@code metadata} as documents write it, with what the API server and its clients add. */
@NotRead({
  "annotations",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "finalizers",
  "generateName",
  "generation",
  "managedFields",
  "ownerReferences",
  "resourceVersion",
  "selfLink",
  "uid"
})
record MetadataKeys(
    @Required String name,
    @Nullable String namespace,
    SortedMap<String, String> labels,
    @Nullable Instant creationTimestamp) {
  Metadata metadata() {
    return new Metadata(
        name,
        namespace == null ? Metadata.DEFAULT_NAMESPACE : namespace,
        labels,
        creationTimestamp);
  }
}
