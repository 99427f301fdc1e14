package dev.sluice.policy.parse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.sluice.policy.parse.YamlNode.Mapping;
import dev.sluice.policy.parse.YamlNode.Scalar;
import dev.sluice.policy.parse.YamlNode.Sequence;
import dev.sluice.policy.parse.YamlNode.Unresolved;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The editors' schema is what the records give, takes every right document of the repository and
 * refuses those whose form is wrong. After a change of the records, rewrite it with
 *
 * <pre>mvn -pl traffic-policy -am test -Dtest=JsonSchemaTest -Dgolden.rewrite=true \
 *     -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
class JsonSchemaTest {
  private static final Path ROOT = Path.of("..");
  private static final Path FILE = ROOT.resolve("docs/schema/sluice.dev_v1.json");
  private static final Path RESOURCES = Path.of("src", "test", "resources");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```yaml\\n(.*?)^```");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the form of a value shows, as the parser says it. */
  private static final Pattern OF_FORM =
      Pattern.compile(
          "unknown key|is required|is not one of|must be a (list|mapping|single value)|has no unit"
              + "|is not a (duration|size|boolean|whole number|percentage)|where (text|a number) is"
              + "|is no retry condition");

  private final Schema schema =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(generated());

  /**
   * A document of the repository.
   *
   * @param place where it stands
   */
  record Sample(String place, String text) {
    @Override
    public String toString() {
      return place;
    }
  }

  private static String generated() {
    try {
      SpecDocs docs = SpecDocs.read(ROOT.resolve("api/src/main/java/dev/sluice/spec"));
      DefaultPrettyPrinter printer =
          new DefaultPrettyPrinter()
              .withObjectIndenter(new DefaultIndenter("  ", "\n"))
              .withArrayIndenter(new DefaultIndenter("  ", "\n"));
      return JSON.writer(printer).writeValueAsString(new JsonSchema(docs).schema()) + "\n";
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theCommittedSchemaIsWhatTheRecordsGive() throws IOException {
    if (Boolean.getBoolean("golden.rewrite")) {
      Files.createDirectories(FILE.getParent());
      Files.writeString(FILE, generated());
    }
    assertThat(Files.readString(FILE))
        .as("%s; -Dgolden.rewrite=true writes it anew", FILE)
        .isEqualTo(generated());
  }

  @Test
  void everyKeyOfASpecificationIsDescribed() throws JsonProcessingException {
    List<String> missing = new ArrayList<>();
    for (JsonNode kind : JSON.readTree(generated()).get("allOf")) {
      describe(
          kind.at("/then/properties/spec"), kind.at("/if/properties/kind").toString(), missing);
    }
    assertThat(missing).isEmpty();
  }

  private static void describe(JsonNode schema, String path, List<String> missing) {
    schema
        .path("properties")
        .properties()
        .forEach(
            entry -> {
              String own = path + "." + entry.getKey();
              if (entry.getValue().path("description").asText().isBlank()) {
                missing.add(own);
              }
              describe(entry.getValue(), own, missing);
              describe(entry.getValue().path("items"), own, missing);
            });
  }

  static Stream<Sample> samples() throws IOException {
    List<Sample> samples = new ArrayList<>();
    for (Path file : files(ROOT.resolve("examples"), ".yaml")) {
      samples.add(new Sample(file.toString(), Files.readString(file)));
    }
    for (Path file : files(RESOURCES.resolve("golden"), ".yaml")) {
      samples.add(new Sample(file.toString(), Files.readString(file)));
    }
    List<Path> pages = files(ROOT.resolve("docs"), ".md");
    pages.add(ROOT.resolve("README.md"));
    for (Path file : pages) {
      Matcher blocks = BLOCK.matcher(Files.readString(file));
      for (int i = 1; blocks.find(); i++) {
        samples.add(new Sample(file + ", block " + i, blocks.group(1)));
      }
    }
    ExamplesTest.documents().forEach(text -> samples.add(new Sample("ExamplesTest", text)));
    return samples.stream().filter(sample -> !documents(sample.text()).isEmpty());
  }

  private static List<Path> files(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return new ArrayList<>(
          files.filter(file -> file.toString().endsWith(ending)).sorted().toList());
    }
  }

  /** The documents of ours in a text, as JSON. */
  private static List<JsonNode> documents(String text) {
    return YamlText.read("text", text).documents().stream()
        .map(document -> json(document.root()))
        .filter(json -> json.path("apiVersion").asText().equals("sluice.dev/v1"))
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void aRightDocumentIsTaken(Sample sample) {
    for (JsonNode document : documents(sample.text())) {
      assertThat(schema.validate(document)).extracting(Error::toString).isEmpty();
    }
  }

  @Test
  void thereAreSamplesOfEverySort() throws IOException {
    assertThat(samples().map(Sample::place))
        .hasSizeGreaterThan(50)
        .anyMatch(place -> place.contains("examples"))
        .anyMatch(place -> place.contains("golden"))
        .anyMatch(place -> place.contains("traffic-policy.md"));
  }

  static Stream<String> wrong() throws IOException {
    return ProblemsTest.names()
        .filter(name -> told(name).lines().anyMatch(JsonSchemaTest::isOfForm));
  }

  /** What is within a patch has the form of Envoy's messages, of which the schema knows nothing. */
  private static boolean isOfForm(String line) {
    return !line.contains(".patch.") && OF_FORM.matcher(line).find();
  }

  private static String told(String name) {
    try {
      return Files.readString(RESOURCES.resolve("problems/" + name + ".txt"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrong")
  void aDocumentOfAWrongFormIsRefused(String name) throws IOException {
    String text = Files.readString(RESOURCES.resolve("problems/" + name + ".yaml"));
    assertThat(
            YamlText.read(name, text).documents().stream()
                .map(document -> json(document.root()))
                .flatMap(json -> schema.validate(json).stream()))
        .as(told(name))
        .isNotEmpty();
  }

  @Test
  void thereAreDocumentsOfWrongForm() throws IOException {
    assertThat(wrong()).hasSizeGreaterThan(30);
  }

  private static JsonNode json(YamlNode node) {
    return switch (node) {
      case Mapping mapping -> {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        mapping.entries().forEach(entry -> object.set(entry.key().text(), json(entry.value())));
        yield object;
      }
      case Sequence sequence -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        sequence.items().forEach(item -> array.add(json(item)));
        yield array;
      }
      case Scalar scalar -> json(scalar);
      case Unresolved _ -> JsonNodeFactory.instance.nullNode();
    };
  }

  private static JsonNode json(Scalar scalar) {
    return switch (scalar.type()) {
      case STRING -> JsonNodeFactory.instance.textNode(scalar.text());
      case INTEGER -> JsonNodeFactory.instance.numberNode(integer(scalar.text()));
      case DECIMAL -> JsonNodeFactory.instance.numberNode(new BigDecimal(scalar.text()));
      case BOOLEAN -> JsonNodeFactory.instance.booleanNode(Boolean.parseBoolean(scalar.text()));
      case NULL -> JsonNodeFactory.instance.nullNode();
    };
  }

  private static BigInteger integer(String text) {
    return text.matches("0[xo].*")
        ? BigInteger.valueOf(Long.decode(text.replace("0o", "0")))
        : new BigInteger(text);
  }
}
