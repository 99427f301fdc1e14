package dev.sluice.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The OpenAPI document, as tests look into it. */
record OpenApiDocument(JsonNode json) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

  static OpenApiDocument read() {
    return new OpenApiDocument(
        JSON.valueToTree(
            new Load(LoadSettings.builder().build()).loadFromString(OpenApi.read().text())));
  }

  /**
   * One method of one path.
   *
   * @param parameters of the path and of the method, references followed
   */
  record Operation(String method, String path, JsonNode json, List<JsonNode> parameters) {
    @Override
    public String toString() {
      return method + " " + path;
    }

    List<String> parameters(String in) {
      return parameters.stream()
          .filter(one -> one.path("in").asText().equals(in))
          .map(one -> one.path("name").asText())
          .toList();
    }
  }

  /** All of them by {@code GET /livez}. */
  SortedMap<String, Operation> operations() {
    SortedMap<String, Operation> operations = new TreeMap<>();
    json.path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue().properties().stream()
                    .filter(field -> METHODS.contains(field.getKey()))
                    .forEach(
                        field -> {
                          List<JsonNode> parameters = new ArrayList<>();
                          path.getValue().path("parameters").forEach(parameters::add);
                          field.getValue().path("parameters").forEach(parameters::add);
                          Operation operation =
                              new Operation(
                                  field.getKey().toUpperCase(java.util.Locale.ROOT),
                                  path.getKey(),
                                  field.getValue(),
                                  parameters.stream().map(this::resolved).toList());
                          operations.put(operation.toString(), operation);
                        }));
    return operations;
  }

  /** The thing itself where {@code node} is a reference to it. */
  JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? json.at(node.path("$ref").asText().substring(1)) : node;
  }

  /** The media types of an answer, by name, of the status or else of every other one. */
  JsonNode content(Operation operation, int status) {
    JsonNode responses = operation.json().path("responses");
    String key = String.valueOf(status);
    return resolved(responses.has(key) ? responses.path(key) : responses.path("default"))
        .path("content");
  }

  /** A schema of the document, by which a key that it does not have is wrong. */
  Schema strict(JsonNode schema) {
    ObjectNode whole = schema.deepCopy();
    whole.set("$defs", json.at("/components/schemas").deepCopy());
    close(whole);
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(whole.toString().replace("#/components/schemas/", "#/$defs/"));
  }

  private static void close(JsonNode node) {
    if (node instanceof ObjectNode object
        && object.path("type").asText().equals("object")
        && object.has("properties")
        && !object.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
    node.forEach(OpenApiDocument::close);
  }
}
