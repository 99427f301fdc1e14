package dev.sluice.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** The repository's documents and definitions, for a real API server. */
final class CustomResourceFiles {
  private static final ObjectMapper JSON = new ObjectMapper();

  private CustomResourceFiles() {}

  /** A file of the repository. */
  static Path path(String name) {
    return EnvoyProcess.repository().resolve(name);
  }

  /** Has the cluster know our kinds, and the namespaces of our documents. */
  static void install(KubernetesCluster cluster) {
    cluster.kubectl("apply", "-k", path("deploy/crds").toString());
    cluster.kubectl("wait", "--for=condition=Established", "customresourcedefinitions", "--all");
    TreeSet<String> namespaces = new TreeSet<>(List.of("shop", "edge"));
    Stream.concat(examples().stream(), goldens().stream())
        .flatMap(file -> documents(file).stream())
        .map(document -> ((Map<?, ?>) document.getOrDefault("metadata", Map.of())).get("namespace"))
        .filter(String.class::isInstance)
        .forEach(namespace -> namespaces.add((String) namespace));
    cluster.apply(
        namespaces.stream()
            .map("{apiVersion: v1, kind: Namespace, metadata: {name: %s}}\n"::formatted)
            .collect(Collectors.joining("---\n")));
  }

  /** The examples that are documents of ours. */
  static List<Path> examples() {
    return ours(path("examples"), ".yaml");
  }

  /** The policies of the golden folders. */
  static List<Path> goldens() {
    return ours(path("traffic-policy/src/test/resources/golden"), "policy.yaml");
  }

  private static List<Path> ours(Path folder, String ending) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(ending))
          .filter(file -> documents(file).stream().anyMatch(CustomResourceFiles::isOurs))
          .sorted(Comparator.naturalOrder())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOurs(Map<?, ?> document) {
    return "sluice.dev/v1".equals(document.get("apiVersion"));
  }

  /** A file's documents of ours as JSON, which every reader of YAML reads alike. */
  static String json(Path file) {
    return documents(file).stream()
        .filter(CustomResourceFiles::isOurs)
        .map(CustomResourceFiles::text)
        .collect(Collectors.joining("\n---\n"));
  }

  private static String text(Map<String, Object> document) {
    try {
      return JSON.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("unchecked") // The keys of these files are text.
  private static List<Map<String, Object>> documents(Path file) {
    List<Map<String, Object>> documents = new ArrayList<>();
    LoadSettings settings = LoadSettings.builder().setSchema(new CoreSchema()).build();
    for (Object document : new Load(settings).loadAllFromString(text(file))) {
      if (document instanceof Map<?, ?> map) {
        documents.add((Map<String, Object>) map);
      }
    }
    return documents;
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
