package dev.sluice.server.xds;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * {@code docs/xds-conformance.md} is what the {@link Behaviour} tests say. {@code
 * -Dgolden.rewrite=true} rewrites it; review the difference like code.
 */
class ConformanceTableTest {
  private static final Path TABLE = Path.of("../docs/xds-conformance.md");
  private static final String INTRODUCTION =
      """
      # xDS conformance

      What the server does at the wire, and on which. Each line is a test with a raw gRPC client \
      against a real port, run once for each `yes`; "does not apply" is where the protocol leaves \
      nothing to do. The table is written from those tests (`Conformance*Test` in `xds-server`), \
      and the build fails when it differs from them. This rewrites it:

          mvn -q -pl xds-server -am test -Dgolden.rewrite=true -Dtest=ConformanceTableTest \
      -Dsurefire.failIfNoSpecifiedTests=false
      """;

  @Test
  void theTableIsWhatTheTestsSay() throws IOException {
    String table = table(sections());
    if (Boolean.getBoolean("golden.rewrite")) {
      Files.writeString(TABLE, table);
    }
    assertThat(Files.exists(TABLE) ? Files.readString(TABLE) : "")
        .as("docs/xds-conformance.md; -Dgolden.rewrite=true accepts the new one")
        .isEqualTo(table);
  }

  @Test
  void noSentenceStandsTwice() {
    assertThat(sections().stream().flatMap(ConformanceTableTest::behaviours))
        .extracting(Behaviour::value)
        .hasSizeGreaterThan(40)
        .doesNotHaveDuplicates();
  }

  private static List<Class<?>> sections() {
    return ReflectionSupport.findAllClassesInPackage(
            ConformanceTableTest.class.getPackageName(),
            type -> type.isAnnotationPresent(Section.class),
            name -> true)
        .stream()
        .sorted(Comparator.comparingInt(type -> section(type).place()))
        .toList();
  }

  private static Section section(Class<?> type) {
    return Objects.requireNonNull(type.getAnnotation(Section.class));
  }

  /** The JVM knows no order of methods, so the sentences are sorted. */
  private static Stream<Behaviour> behaviours(Class<?> section) {
    return Arrays.stream(section.getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(Behaviour.class))
        .map((Method method) -> method.getAnnotation(Behaviour.class))
        .sorted(Comparator.comparing(Behaviour::value));
  }

  private static String table(List<Class<?>> sections) {
    StringBuilder text = new StringBuilder(INTRODUCTION);
    for (Class<?> type : sections) {
      Section section = section(type);
      text.append("\n## %s\n\n".formatted(section.value()));
      text.append(row("Behaviour", Arrays.stream(Wire.values()).map(Wire::toString)));
      text.append(row("---", Arrays.stream(Wire.values()).map(wire -> "---")));
      behaviours(type).map(ConformanceTableTest::row).forEach(text::append);
      for (String gap : section.notYet()) {
        text.append(row(gap, Arrays.stream(Wire.values()).map(wire -> "not yet")));
      }
    }
    return text.toString();
  }

  private static String row(Behaviour behaviour) {
    List<Wire> on = List.of(behaviour.on());
    return row(
        behaviour.value(),
        Arrays.stream(Wire.values()).map(wire -> on.contains(wire) ? "yes" : "does not apply"));
  }

  private static String row(String first, Stream<String> cells) {
    return "| " + first + " | " + cells.collect(Collectors.joining(" | ")) + " |\n";
  }
}
