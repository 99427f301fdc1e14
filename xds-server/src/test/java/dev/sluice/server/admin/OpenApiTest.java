package dev.sluice.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.server.admin.OpenApiDocument.Operation;
import dev.sluice.server.settings.HostPort;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the OpenAPI document to the routes that are really served, and to its own rules. */
class OpenApiTest {
  private static final Pattern IN_BRACES = Pattern.compile("\\{([^}]+)}");

  private final OpenApiDocument document = OpenApiDocument.read();
  private final Collection<Operation> operations = document.operations().values();

  @Test
  void everyRouteIsDescribedAndNoOtherOne() throws IOException {
    FakeViews views = new FakeViews();
    try (AdminServer server =
        AdminServer.start(
            new HostPort("127.0.0.1", 0),
            "1",
            views.views(),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            views.overrides(),
            views.routes())) {
      assertThat(document.operations().keySet())
          .as("openapi.yaml, against what the server routes")
          .containsExactlyElementsOf(server.served());
    }
  }

  @Test
  void anOperationHasANameOfItsOwnATagAndAGoodAndABadAnswer() {
    assertThat(operations)
        .allSatisfy(
            one -> {
              assertThat(one.json().path("summary").asText()).as(one.toString()).endsWith(".");
              assertThat(document.json().path("tags").findValuesAsText("name"))
                  .containsAll(List.of(one.json().path("tags").path(0).asText()));
              assertThat(document.content(one, 200).isEmpty()).as(one + " 200").isFalse();
              assertThat(document.content(one, 500).has("application/json")).as(one + "").isTrue();
            });
    assertThat(operations)
        .extracting(one -> one.json().path("operationId").asText())
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("[a-z][A-Za-z]+"));
  }

  @Test
  void thePartsOfAPathAreItsParameters() {
    assertThat(operations)
        .allSatisfy(
            one ->
                assertThat(one.parameters("path"))
                    .as(one.toString())
                    .containsExactlyElementsOf(
                        IN_BRACES.matcher(one.path()).results().map(m -> m.group(1)).toList()));
  }

  @Test
  void everyReferenceLeadsSomewhereAndEveryComponentIsUsed() {
    List<String> references = document.json().findValuesAsText("$ref");

    assertThat(references)
        .allSatisfy(
            to -> assertThat(document.json().at(to.substring(1)).isMissingNode()).isFalse());
    assertThat(document.json().path("components").properties())
        .filteredOn(kind -> !kind.getKey().equals("securitySchemes"))
        .allSatisfy(
            kind ->
                kind.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        name ->
                            assertThat(references)
                                .contains("#/components/" + kind.getKey() + "/" + name)));
  }

  @Test
  void whatIsRequiredIsDescribed() {
    for (JsonNode schema : document.json().findParents("required")) {
      if (schema.path("type").asText().equals("object")) {
        assertThat(schema.path("properties").properties().stream().map(it -> it.getKey()))
            .containsAll(texts(schema.path("required")));
      }
    }
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asText).toList();
  }
}
