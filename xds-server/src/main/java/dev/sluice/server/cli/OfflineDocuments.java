package dev.sluice.server.cli;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.SourceName;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.policy.attach.PolicyStatus;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.problem.Problem;
import dev.sluice.server.source.StaticServices;
import dev.sluice.server.source.file.DocumentFile;
import dev.sluice.source.DocumentReader;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import dev.sluice.spec.StaticService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Documents as files hold them, read without a server.
 *
 * @param files how many files were read
 * @param documents those free of errors
 * @param index them, attached to the services that they describe
 * @param problems all problems, sorted
 */
record OfflineDocuments(int files, Documents documents, PolicyIndex index, List<Problem> problems) {
  private static final SourceName SOURCE = new SourceName("file", "files");

  /**
   * Reads files, and in directories those that the server reads.
   *
   * @throws CommandFailure when a path is not there
   */
  static OfflineDocuments read(List<Path> paths) {
    for (Path path : paths) {
      if (!Files.exists(path)) {
        throw new CommandFailure(ExitCode.USAGE, path + " is not there");
      }
    }
    List<DocumentFile> files = DocumentFile.read(paths, DocumentParser.reader());
    TreeSet<Problem> problems = new TreeSet<>();
    SortedMap<DocumentKey, Document> found = new TreeMap<>();
    for (DocumentFile file : files) {
      DocumentReader.Reading reading = file.reading();
      problems.addAll(reading.problems());
      reading.items().stream()
          .flatMap(item -> item.document().stream())
          .forEach(document -> keep(document, found, problems));
    }
    Catalog catalog =
        Catalog.of(
            found.values().stream()
                .filter(StaticService.class::isInstance)
                .map(document -> StaticServices.service((StaticService) document, SOURCE))
                .toList());
    Documents documents = Documents.of(found.values());
    PolicyIndex index = PolicyIndex.of(documents, catalog);
    // A service that is not among the files may be in Kubernetes or Consul: that is no problem
    // here.
    index.statuses().values().stream()
        .filter(status -> status.state() != PolicyStatus.State.PENDING)
        .forEach(status -> problems.addAll(status.problems()));
    return new OfflineDocuments(files.size(), documents, index, List.copyOf(problems));
  }

  private static void keep(
      Document document, SortedMap<DocumentKey, Document> found, TreeSet<Problem> problems) {
    Document first = found.putIfAbsent(document.key(), document);
    if (first != null) {
      problems.add(
          Problem.error(
              document.origin().at("$.metadata.name"),
              "$.metadata.name",
              document.key()
                  + " is already at "
                  + first.origin().start()
                  + "; give one of the two another name"));
    }
  }
}
