package dev.sluice.server.admin;

import static dev.sluice.server.admin.HttpListener.answer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.policy.attach.PolicyStatus;
import dev.sluice.problem.Problem;
import dev.sluice.server.admin.DocumentFacts.Told;
import dev.sluice.server.diff.CandidateText;
import dev.sluice.server.status.Acknowledged;
import dev.sluice.server.status.DocumentProgress;
import dev.sluice.server.status.ShapedResources;
import dev.sluice.server.xds.NodeStatus;
import dev.sluice.server.xds.Quarantined;
import dev.sluice.source.DocumentReader;
import dev.sluice.source.DocumentReader.Reading;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import io.javalin.config.RoutesConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.javalin.http.ServiceUnavailableResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of each document: {@code GET /v1/documents} tells of all, and of one the proxies too;
 * {@code POST /v1/documents/standing} tells how far those are that are given, in these editions.
 *
 * @param facts what the stages know of them
 * @param reader reads what is given
 */
public record DocumentRoutes(DocumentFacts facts, DocumentReader reader) implements AdminRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(DocumentRoutes.class);
  static final String STANDING = "/v1/documents/standing";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int TOLD_SECONDS = 5;

  @Override
  public void addTo(RoutesConfig routes) {
    routes
        .post(STANDING, this::standing, Reads.ONLY)
        .get("/v1/documents", this::all)
        .get("/v1/documents/{kind}/{namespace}/{name}", this::one);
  }

  private void all(Context context) {
    DocumentQuery query = DocumentQuery.of(context);
    Told told = told();
    DocumentProgress progress = facts.progress().get();
    List<Quarantined> quarantine = facts.quarantine().get();
    ObjectNode answer = JSON.objectNode();
    ArrayNode documents = answer.putArray("documents");
    told.newest()
        .all()
        .forEach(
            (key, document) -> {
              if (query.matches(key)) {
                ObjectNode json = json(document, told, quarantine);
                if (isInForce(json)) {
                  DocumentProgress.Count count = progress.of(key);
                  json.put("acknowledged", count.acknowledged());
                  json.put("concerned", count.concerned());
                }
                documents.add(json);
              }
            });
    answer(context, answer);
  }

  private void one(Context context) {
    QueryText.refuseUnknown(context, QueryText.NONE);
    DocumentKey key =
        new DocumentKey(
            DocumentQuery.kind(context.pathParam("kind")),
            context.pathParam("namespace"),
            context.pathParam("name"));
    Told told = told();
    Document document =
        told.newest()
            .document(key)
            .orElseThrow(() -> new NotFoundResponse("no " + key + " is known; see /v1/documents"));
    answer(context, new Look(told).of(document));
  }

  private void standing(Context context) {
    OwnPages.check(context);
    OwnPages.checkJson(context);
    List<Document> given = given(GivenTexts.of(context, List.of("documents")));
    Told told = told();
    Look look = new Look(told);
    ObjectNode answer = JSON.objectNode().put("asked", given.size());
    ArrayNode documents = answer.putArray("documents");
    for (Document one : given) {
      told.newest()
          .document(one.key())
          .ifPresent(
              known ->
                  documents.add(look.of(known).put("asGiven", DocumentJson.isSame(known, one))));
    }
    answer(context, answer);
  }

  /** What is given, which has to be right by itself. */
  private List<Document> given(GivenTexts texts) {
    List<Document> documents = new ArrayList<>();
    for (CandidateText one : texts.documents()) {
      Reading reading = reader.read(one.file(), one.text());
      if (Problem.anyError(reading.problems())) {
        throw new BadRequestResponse(
            reading.problems().stream().map(Problem::toString).collect(Collectors.joining("\n")));
      }
      reading.items().forEach(item -> item.document().ifPresent(documents::add));
    }
    return documents;
  }

  /** One look at all proxies, for as many documents as are asked for. */
  private final class Look {
    private final Told told;
    private final List<Quarantined> quarantine = facts.quarantine().get();
    private final List<NodeStatus> connected = facts.proxies().get();
    private final ShapedResources shaped = new ShapedResources();

    Look(Told told) {
      this.told = told;
    }

    ObjectNode of(Document document) {
      ObjectNode json = json(document, told, quarantine);
      if (!isInForce(json)) {
        json.putArray("proxies");
        return json;
      }
      List<Acknowledged> proxies =
          Acknowledged.of(
              connected, facts.snapshots(), snapshot -> shaped.of(document.key(), snapshot));
      json.put("acknowledged", proxies.stream().filter(Acknowledged::isNewest).count());
      json.put("concerned", proxies.size());
      json.set("proxies", DocumentJson.proxies(proxies));
      return json;
    }
  }

  /** What proxies have of a document is not to be told of an edition that is not in force. */
  private static boolean isInForce(ObjectNode json) {
    return json.path("inForce").asBoolean();
  }

  private static ObjectNode json(Document newest, Told told, List<Quarantined> quarantine) {
    DocumentKey key = newest.key();
    Optional<Document> inForce = told.inForce().document(key);
    ObjectNode json =
        DocumentJson.of(newest, inForce, Optional.ofNullable(told.statuses().get(key)));
    if (inForce.isPresent()) {
      Optional.ofNullable(told.statuses().get(key))
          .flatMap(PolicyStatus::scope)
          .map(scope -> VersionInstances.of(scope, told.index()))
          .filter(it -> !it.all().isEmpty() && key.kind() == Kind.TRAFFIC_POLICY)
          .ifPresent(
              it -> {
                json.set("versions", DocumentJson.numbers(it.all()));
                if (!it.drained().isEmpty()) {
                  json.set("drained", AdminJson.texts(it.drained()));
                }
              });
    }
    ArrayNode refused = json.putArray("quarantine");
    quarantine.stream()
        .filter(one -> AdminJson.isOf(key, one.documents()))
        .forEach(one -> refused.add(AdminJson.quarantined(one)));
    if (!refused.isEmpty()) {
      json.put("reason", "Refused");
    } else if (!isInForce(json) && json.path("reason").asText("Accepted").equals("Accepted")) {
      json.put("reason", "NotInForce");
    }
    return json;
  }

  private Told told() {
    try {
      return facts.told().get().get(TOLD_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceUnavailableResponse("the server is stopping; ask another one");
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("it could not be seen which documents are in force", e);
      throw new ServiceUnavailableResponse(
          "the server is busy, or failed; its log says more. Try again");
    }
  }
}
