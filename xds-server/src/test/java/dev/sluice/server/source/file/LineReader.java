package dev.sluice.server.source.file;

import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.server.source.Facts;
import dev.sluice.source.DocumentReader;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import dev.sluice.spec.Metadata;
import dev.sluice.spec.Origin;
import dev.sluice.spec.StaticService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A reader of documents of one line each: {@code service NAME ADDRESS...}, {@code gateway NAME
 * HOST}. An exclamation mark in place of the rest is a document that is not valid, a question mark
 * one without a key, and an opening brace ends the reading as YAML that does not parse.
 */
final class LineReader implements DocumentReader {

  @Override
  public Reading read(String file, String text) {
    List<Item> items = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      Location at = new Location(file, i + 1, 1);
      String[] words = lines.get(i).split(" ", -1);
      switch (words[0]) {
        case "service", "gateway" -> {
          Optional<Document> document =
              words[2].equals("!") ? Optional.empty() : Optional.of(document(words, at));
          List<Problem> own =
              document.isPresent()
                  ? List.of()
                  : List.of(Problem.error(at, "$", words[1] + " is not valid"));
          problems.addAll(own);
          Kind kind = words[0].equals("service") ? Kind.STATIC_SERVICE : Kind.GATEWAY;
          items.add(new Item(Optional.of(new DocumentKey(kind, "shop", words[1])), document, own));
        }
        case "?" -> {
          Problem own = Problem.error(at, "$", "no key");
          problems.add(own);
          items.add(new Item(Optional.empty(), Optional.empty(), List.of(own)));
        }
        case "{" -> {
          problems.add(Problem.error(at, "$", "does not parse"));
          return new Reading(items, false, problems);
        }
        default -> {}
      }
    }
    return new Reading(items, true, problems);
  }

  private static Document document(String[] words, Location at) {
    if (words[0].equals("gateway")) {
      return Facts.gateway(words[1], words[2], at);
    }
    List<StaticService.Instance> instances =
        List.of(words).subList(2, words.length).stream().map(address -> instance(address)).toList();
    StaticService.Port port = new StaticService.Port("http", 80, null);
    return new StaticService(
        Metadata.of(words[1], "shop"),
        new StaticService.Spec(List.of(port), instances, null),
        Origin.of(at));
  }

  private static StaticService.Instance instance(String address) {
    return new StaticService.Instance(
        address, 8080, new TreeMap<>(), new TreeMap<>(), null, null, null);
  }
}
