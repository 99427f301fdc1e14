package dev.sluice.server.demo;

import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.source.DocumentReader.Item;
import dev.sluice.source.DocumentReader.Reading;
import dev.sluice.spec.Attach;
import dev.sluice.spec.Document;
import dev.sluice.spec.Gateway;
import dev.sluice.spec.StaticService;
import dev.sluice.spec.TrafficPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The documents that the demo runs on: one service, one policy for it, one gateway.
 *
 * @param texts the files' texts by file name
 * @param service the service with its instances
 * @param policy how calls are divided
 * @param gateway where they come in
 */
record Quickstart(
    SortedMap<String, String> texts, StaticService service, TrafficPolicy policy, Gateway gateway) {
  private static final Pattern PORT = Pattern.compile("(?<![\\w-])port: (\\d{1,5})(?!\\d)");

  Quickstart {
    texts = Collections.unmodifiableSortedMap(new TreeMap<>(texts));
  }

  /**
   * Reads the documents.
   *
   * @param texts the files' texts by file name
   * @throws DemoException when there is a problem in them, or a kind of document is missing
   */
  static Quickstart read(Map<String, String> texts) throws DemoException {
    List<Document> documents = new ArrayList<>();
    for (Map.Entry<String, String> file : new TreeMap<>(texts).entrySet()) {
      Reading reading = DocumentParser.reader().read(file.getKey(), file.getValue());
      if (!reading.problems().isEmpty()) {
        throw new DemoException(reading.problems().getFirst().toString());
      }
      reading.items().stream()
          .map(Item::document)
          .flatMap(Optional::stream)
          .forEach(documents::add);
    }
    return new Quickstart(
        new TreeMap<>(texts),
        only(documents, StaticService.class),
        only(documents, TrafficPolicy.class),
        only(documents, Gateway.class));
  }

  private static <T extends Document> T only(List<Document> documents, Class<T> type)
      throws DemoException {
    List<T> found = documents.stream().filter(type::isInstance).map(type::cast).toList();
    if (found.size() != 1) {
      throw new DemoException(
          "the demo's documents need one %s and have %d"
              .formatted(type.getSimpleName(), found.size()));
    }
    return found.getFirst();
  }

  /** The same documents with other ports where {@code ports} has one, comments and all. */
  Quickstart withPorts(Map<Integer, Integer> ports) throws DemoException {
    SortedMap<String, String> changed = new TreeMap<>();
    texts.forEach((file, text) -> changed.put(file, withPorts(text, ports)));
    return read(changed);
  }

  private static String withPorts(String text, Map<Integer, Integer> ports) {
    return PORT.matcher(text)
        .replaceAll(
            match -> {
              int port = Integer.parseInt(match.group(1));
              return "port: " + ports.getOrDefault(port, port);
            });
  }

  /** The port that the gateway's proxies listen on. */
  int gatewayPort() {
    return gateway.spec().listeners().getFirst().port();
  }

  /** The host that calls name. */
  String host() throws DemoException {
    Attach attach = policy.spec().attach();
    if (attach == null || attach.hosts().isEmpty()) {
      throw new DemoException("the demo's policy attaches no host");
    }
    return attach.hosts().getFirst();
  }

  /** The file that the policy is in. */
  String policyFile() {
    return policy.origin().start().file();
  }

  /** The file that the instances are in. */
  String serviceFile() {
    return service.origin().start().file();
  }

  /** The version that an instance is one of, as its label says. */
  static String versionOf(StaticService.Instance instance) {
    return Objects.requireNonNullElse(instance.labels().get("version"), "");
  }
}
