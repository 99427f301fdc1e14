package dev.sluice.server.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * A document as people name it: {@code orders}, {@code orders.shop}, {@code shop/orders} or {@code
 * Gateway/edge/public}.
 *
 * @param kind of which kind; empty where that is not said
 * @param namespace of which namespace; empty for any
 * @param name its name
 */
record DocumentName(Optional<String> kind, Optional<String> namespace, String name) {
  /**
   * Reads it.
   *
   * @throws CommandFailure when it can be no name
   */
  static DocumentName of(String text) {
    List<String> parts = List.of(text.split("/", -1));
    String last = parts.getLast();
    int dot = parts.size() == 1 ? last.indexOf('.') : -1;
    if (parts.size() > 3 || parts.contains("") || dot == 0 || dot == last.length() - 1) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "\""
              + text
              + "\" names no document; write such as orders, shop/orders or Gateway/edge/public");
    }
    return switch (parts.size()) {
      case 1 ->
          dot < 0
              ? new DocumentName(Optional.empty(), Optional.empty(), last)
              : new DocumentName(
                  Optional.empty(), Optional.of(last.substring(dot + 1)), last.substring(0, dot));
      case 2 -> new DocumentName(Optional.empty(), Optional.of(parts.getFirst()), last);
      default -> new DocumentName(Optional.of(parts.getFirst()), Optional.of(parts.get(1)), last);
    };
  }

  /** The path at which the server tells of all documents that may be meant. */
  String path() {
    List<String> query = new ArrayList<>();
    kind.ifPresent(it -> query.add("kind=" + AdminClient.segment(it)));
    namespace.ifPresent(it -> query.add("namespace=" + AdminClient.segment(it)));
    query.add("name=" + AdminClient.segment(name));
    return "/v1/documents?" + String.join("&", query);
  }

  /** As it was given, with slashes. */
  @Override
  public String toString() {
    StringJoiner text = new StringJoiner("/");
    kind.ifPresent(text::add);
    namespace.ifPresent(text::add);
    return text.add(name).toString();
  }
}
