package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.server.demo.Ink;
import dev.sluice.spec.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands share that list documents of a kind. */
final class DocumentList {
  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description =
          "Only that of this name: name, in any namespace, name.namespace, namespace/name.")
  private @Nullable String name;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "Only those of this namespace (default: all).")
  private @Nullable String namespace;

  @Mixin private OutputFormat format = new OutputFormat();
  @Mixin private WatchOptions watch = new WatchOptions();
  @Mixin private AdminClient admin = new AdminClient();

  /** A column: its heading, and what a document has there. */
  record Column(String heading, Function<JsonNode, String> cell) {}

  /**
   * Shows them.
   *
   * @param columns beside name and namespace, the state and how many proxies have it
   * @return 0, or 1 where the one that is asked for is not known
   */
  int show(CommandSpec spec, Kind kind, List<Column> columns) {
    String path = path(kind);
    return watch.show(
        spec,
        format,
        new WatchOptions.Shown(
            () -> admin.get(path),
            answer -> lines(answer.path("documents"), kind, columns, Colours.of(spec)),
            answer ->
                name != null && answer.path("documents").isEmpty() ? ExitCode.NO : ExitCode.OK));
  }

  private String path(Kind kind) {
    if (name == null) {
      String all = "/v1/documents?kind=" + kind;
      return namespace == null ? all : all + "&namespace=" + AdminClient.segment(namespace);
    }
    DocumentName given = DocumentName.of(name);
    if (given.kind().filter(it -> !it.equalsIgnoreCase(kind.toString())).isPresent()) {
      throw new CommandFailure(ExitCode.USAGE, "this lists documents of kind " + kind + " only");
    }
    Optional<String> where = Optional.ofNullable(namespace);
    if (where.isPresent() && given.namespace().isPresent() && !where.equals(given.namespace())) {
      throw new CommandFailure(
          ExitCode.USAGE, given + " is not of the namespace " + namespace + "; name one namespace");
    }
    return new DocumentName(
            Optional.of(kind.toString()), given.namespace().or(() -> where), given.name())
        .path();
  }

  private List<String> lines(JsonNode documents, Kind kind, List<Column> columns, Ink ink) {
    if (documents.isEmpty()) {
      return List.of(
          name != null || namespace != null
              ? "The server knows no such " + kind + "."
              : "The server knows no " + kind + ".");
    }
    boolean wide = format.form() == OutputFormat.Form.WIDE;
    List<Column> all = new ArrayList<>();
    all.add(
        new Column(
            kind.toString().toUpperCase(Locale.ROOT),
            one -> one.path("namespace").asText() + "/" + one.path("name").asText()));
    all.addAll(columns);
    all.add(new Column("STATE", one -> state(one, ink)));
    all.add(new Column("PROXIES", DocumentList::proxies));
    if (wide) {
      all.add(new Column("PLACE", DocumentList::place));
    }
    TextTable table = new TextTable(all.stream().map(Column::heading).toArray(String[]::new));
    List<String> notes = new ArrayList<>();
    for (JsonNode one : documents) {
      table.row(
          all.stream().map(it -> Printable.coloured(it.cell().apply(one))).toArray(String[]::new));
      notes.addAll(DocumentText.notes(one));
    }
    List<String> lines = new ArrayList<>(table.lines());
    lines.addAll(notes);
    return lines;
  }

  private static String state(JsonNode one, Ink ink) {
    String state = DocumentText.state(one);
    return switch (state) {
      case "Accepted" -> ink.good(state);
      case "Refused" -> ink.bad(state);
      default -> ink.doubtful(state);
    };
  }

  private static String proxies(JsonNode one) {
    if (!one.path("inForce").asBoolean()) {
      return "-"; // What proxies have is another edition, or nothing.
    }
    return one.path("acknowledged").asText() + "/" + one.path("concerned").asText();
  }

  private static String place(JsonNode one) {
    return one.path("file").asText() + ":" + one.path("line").asText();
  }
}
