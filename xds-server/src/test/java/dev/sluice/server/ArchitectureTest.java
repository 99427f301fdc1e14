package dev.sluice.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the code to the dependencies that CONTRIBUTING.md allows; nothing else is allowed. */
class ArchitectureTest {
  private static final String SERVER = "dev.sluice.server.";
  private static final String[] API = {
    "dev.sluice.catalog",
    "dev.sluice.problem",
    "dev.sluice.node",
    "dev.sluice.secret",
    "dev.sluice.source",
    "dev.sluice.spec"
  };
  private static final String[] ENVOY_PROTOS = {
    "io.envoyproxy..",
    "com.google.protobuf..",
    "com.google.rpc..",
    "com.github.xds..",
    "io.opentelemetry.proto.."
  };
  private static final String[] GRPC = {"io.grpc.."};
  private static final String[] KUBERNETES = {"io.fabric8.kubernetes.."};
  private static final String[] LOGGING = {"org.slf4j.."};
  private static final String[] COLLECTIONS = {"org.pcollections.."};
  private static final String[] YAML = {"org.snakeyaml.."};
  private static final String[] LANGUAGE = {
    "java..", "org.jspecify.annotations..", "com.google.errorprone.annotations.."
  };

  /** The whole table: a package that is not in it has no place in the architecture. */
  private static final Map<String, List<String>> ALLOWED = new TreeMap<>();

  static {
    allow("dev.sluice.catalog", COLLECTIONS);
    allow("dev.sluice.problem");
    allow("dev.sluice.node", to("dev.sluice.catalog"));
    allow("dev.sluice.spec", to("dev.sluice.catalog", "dev.sluice.problem"), COLLECTIONS);
    allow("dev.sluice.secret", COLLECTIONS);
    allow(
        "dev.sluice.source",
        to("dev.sluice.catalog", "dev.sluice.problem", "dev.sluice.secret", "dev.sluice.spec"));

    allow("dev.sluice.policy.parse", API, to("dev.sluice.policy.validate"), YAML);
    allow("dev.sluice.patch", to("dev.sluice.problem", "dev.sluice.spec"), ENVOY_PROTOS);
    allow("dev.sluice.policy.validate", API, to("dev.sluice.patch", "com.google.re2j.."));
    allow("dev.sluice.policy.attach", API, COLLECTIONS);
    allow(
        "dev.sluice.translate",
        API,
        to("dev.sluice.patch", "dev.sluice.policy.attach"),
        ENVOY_PROTOS);
    allow("dev.sluice.translate.check", ENVOY_PROTOS);

    allow(SERVER + "meters", to("io.micrometer.."));
    allow(SERVER + "catalog", API, COLLECTIONS, LOGGING);
    allow(SERVER + "source", API, to(SERVER + "pem"), LOGGING);
    allow(SERVER + "kubernetes", to(SERVER + "pem"), KUBERNETES, LOGGING);
    allow(
        SERVER + "source.kubernetes",
        API,
        to(SERVER + "source", SERVER + "kubernetes"),
        KUBERNETES,
        to("com.fasterxml.jackson.."),
        LOGGING);
    allow(SERVER + "demand", API, LOGGING);
    allow(SERVER + "consul", to(SERVER + "pem", "javax.net.ssl.."));
    allow(
        SERVER + "source.consul",
        API,
        to(SERVER + "source", SERVER + "consul", SERVER + "demand"),
        to("com.fasterxml.jackson.."),
        LOGGING);
    allow(SERVER + "files");
    allow(SERVER + "source.file", API, to(SERVER + "source", SERVER + "files"), LOGGING);
    allow(SERVER + "pem", to("org.bouncycastle..", "javax.net.ssl.."));
    allow(SERVER + "source.secret", API, to(SERVER + "source"), LOGGING);
    allow(
        SERVER + "conditions",
        API,
        to("dev.sluice.policy.attach"),
        to(SERVER + "source", SERVER + "pipeline", SERVER + "status", SERVER + "xds"),
        to("com.fasterxml.jackson.."),
        LOGGING);
    allow(
        SERVER + "conditions.kubernetes",
        API,
        to(SERVER + "conditions", SERVER + "kubernetes"),
        KUBERNETES,
        LOGGING);
    allow(
        SERVER + "conditions.consul",
        API,
        to(SERVER + "conditions", SERVER + "consul"),
        to("com.fasterxml.jackson.."),
        LOGGING);
    allow(
        SERVER + "snapshot",
        to("dev.sluice.catalog", "dev.sluice.node"),
        ENVOY_PROTOS,
        COLLECTIONS,
        LOGGING);
    allow(
        SERVER + "pipeline",
        API,
        to("dev.sluice.policy.attach", "dev.sluice.translate", "dev.sluice.translate.check"),
        to(SERVER + "catalog", SERVER + "demand", SERVER + "snapshot"),
        ENVOY_PROTOS,
        COLLECTIONS,
        to("com.github.benmanes.caffeine.."),
        LOGGING);
    allow(
        SERVER + "transport",
        to("dev.sluice.node", "dev.sluice.catalog", "dev.sluice.spec"),
        to(SERVER + "pem", "javax.net.ssl.."),
        GRPC,
        ENVOY_PROTOS,
        LOGGING);
    allow(
        SERVER + "xds",
        to("dev.sluice.node", "dev.sluice.catalog", SERVER + "snapshot", SERVER + "transport"),
        to("com.github.benmanes.caffeine.."),
        GRPC,
        ENVOY_PROTOS,
        LOGGING);
    allow(
        SERVER + "traces",
        API,
        to(SERVER + "catalog", SERVER + "pipeline", SERVER + "snapshot", SERVER + "xds"),
        to("io.opentelemetry.."));
    allow(
        SERVER + "status",
        API,
        to(SERVER + "snapshot", SERVER + "xds"),
        to("com.github.benmanes.caffeine.."),
        ENVOY_PROTOS);
    allow(
        SERVER + "csds",
        to("dev.sluice.node", SERVER + "snapshot", SERVER + "xds", SERVER + "transport"),
        to("com.google.re2j.."),
        GRPC,
        ENVOY_PROTOS);
    allow(SERVER + "load", to("dev.sluice.node"), GRPC, ENVOY_PROTOS, LOGGING);
    allow(
        SERVER + "settings",
        API,
        to("dev.sluice.policy.parse", "dev.sluice.policy.validate"),
        to(SERVER + "transport", SERVER + "consul"));
    allow(SERVER + "bootstrap", API, to(SERVER + "settings"));
    allow(
        SERVER + "overrides",
        API,
        to("dev.sluice.policy.attach", "dev.sluice.policy.parse"),
        to(SERVER + "catalog", SERVER + "snapshot", SERVER + "xds", SERVER + "status"),
        to(SERVER + "consul", SERVER + "kubernetes"),
        KUBERNETES,
        to("com.fasterxml.jackson.."),
        LOGGING);
    allow(
        SERVER + "explain",
        API,
        to("dev.sluice.policy.attach"),
        to(SERVER + "snapshot", SERVER + "status"),
        to("com.google.re2j.."),
        ENVOY_PROTOS);
    allow(
        SERVER + "diff",
        API,
        to(SERVER + "catalog", SERVER + "pipeline", SERVER + "snapshot", SERVER + "source"),
        to(SERVER + "xds", SERVER + "load", SERVER + "overrides"),
        ENVOY_PROTOS);
    allow(
        SERVER + "history",
        API,
        to("dev.sluice.policy.parse", SERVER + "snapshot"),
        to("com.fasterxml.jackson.."),
        LOGGING);
    allow(
        SERVER + "rollback",
        API,
        to(SERVER + "diff", SERVER + "history", SERVER + "pipeline", SERVER + "snapshot"),
        to(SERVER + "overrides", SERVER + "status", SERVER + "xds", SERVER + "files"),
        to("com.fasterxml.jackson.."),
        LOGGING);
    allow(
        SERVER + "rollout",
        API,
        to("dev.sluice.policy.attach", "dev.sluice.translate"),
        to(SERVER + "overrides", SERVER + "pipeline", SERVER + "snapshot"),
        to(SERVER + "conditions", SERVER + "status", SERVER + "xds"),
        to(SERVER + "rollout.analysis", SERVER + "files"),
        to("com.fasterxml.jackson.."),
        LOGGING);
    allow(
        SERVER + "rollout.analysis",
        API,
        to("com.fasterxml.jackson..", "javax.net.ssl.."),
        LOGGING);
    allow(
        SERVER + "admin",
        API,
        to("dev.sluice.policy.attach", "dev.sluice.policy.parse", "dev.sluice.translate"),
        to(
            SERVER + "catalog",
            SERVER + "snapshot",
            SERVER + "xds",
            SERVER + "status",
            SERVER + "settings"),
        to(
            SERVER + "load",
            SERVER + "overrides",
            SERVER + "explain",
            SERVER + "diff",
            SERVER + "transport",
            SERVER + "meters"),
        to("javax.net.ssl.."), // Whether a connection is still shaking hands.
        to(SERVER + "pipeline", SERVER + "rollback"),
        to(SERVER + "rollout", SERVER + "rollout.analysis"),
        to("com.github.difflib.."),
        YAML,
        to("io.javalin..", "org.eclipse.jetty..", "com.fasterxml.jackson..", "io.micrometer.."),
        ENVOY_PROTOS,
        LOGGING);
    allow(
        SERVER + "webhook",
        API,
        to(SERVER + "settings", SERVER + "transport", SERVER + "meters"),
        to("io.javalin..", "org.eclipse.jetty..", "com.fasterxml.jackson..", "io.micrometer.."),
        LOGGING);
    allow(
        SERVER + "cli",
        API,
        to("dev.sluice.policy.parse", "dev.sluice.policy.validate", "dev.sluice.policy.attach"),
        to("dev.sluice.translate"),
        to(SERVER + "admin", SERVER + "status", SERVER + "settings", SERVER + "bootstrap"),
        to(SERVER + "transport", SERVER + "pem", "javax.net.ssl.."),
        to(
            SERVER + "demo",
            SERVER + "source",
            SERVER + "source.file",
            SERVER + "pipeline",
            SERVER + "snapshot"),
        to("picocli..", "com.fasterxml.jackson..", "com.google.protobuf.."),
        to("ch.qos.logback.."), // The form of the log is an option of the commands.
        YAML,
        LOGGING);
    allow(
        SERVER + "demo",
        API,
        to("dev.sluice.policy.parse"),
        to(SERVER + "admin", SERVER + "status", SERVER + "settings", SERVER + "bootstrap"),
        to("com.sun.net.httpserver.."),
        LOGGING);
    ALLOWED.put(SERVER + "app", List.of("..")); // the only wiring: it sees everything
  }

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.sluice");

  @Test
  void everyPackageHasItsPlaceInTheTable() {
    Set<String> packages =
        classes.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
    assertThat(packages).isNotEmpty();
    assertThat(ALLOWED.keySet()).containsAll(packages);
  }

  @Test
  void aPackageDependsOnWhatItIsAllowedAndOnNothingElse() {
    ALLOWED.forEach(
        (name, allowed) -> {
          List<String> targets = new ArrayList<>(allowed);
          targets.add(name);
          targets.addAll(List.of(LANGUAGE));
          classes()
              .that()
              .resideInAPackage(name)
              .should()
              .onlyDependOnClassesThat(
                  resideInAnyPackage(targets.toArray(String[]::new)).or(primitiveOrArrayOfOne()))
              .allowEmptyShould(true)
              .check(classes);
        });
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.sluice.(**)").should().beFreeOfCycles().check(classes);
  }

  @Test
  void apiAndTrafficPolicyArePure() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.sluice.catalog..",
            "dev.sluice.problem..",
            "dev.sluice.node..",
            "dev.sluice.secret..",
            "dev.sluice.source..",
            "dev.sluice.spec..",
            "dev.sluice.policy..",
            "dev.sluice.translate..")
        .should()
        .dependOnClassesThat(impure())
        .check(classes);
  }

  @Test
  void locksAndAtomicsStayWhereStateIsKept() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            SERVER + "catalog",
            SERVER + "snapshot",
            SERVER + "transport",
            SERVER + "xds",
            SERVER + "source..",
            SERVER + "kubernetes",
            SERVER + "overrides", // Writes wait for each other, and not for ever.
            SERVER + "rollout", // The same of what people ask, beside what is done by itself.
            SERVER + "app",
            SERVER + "demo",
            SERVER + "cli")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.concurrent.locks..", "java.util.concurrent.atomic..")
        .check(classes);
  }

  private static DescribedPredicate<JavaClass> impure() {
    Set<String> names =
        Set.of(
            "java.lang.Thread",
            "java.lang.Runtime",
            "java.lang.ProcessBuilder",
            "java.time.Clock",
            "java.util.Random",
            "java.util.Timer");
    return DescribedPredicate.describe(
        "are I/O, clock, random, logging or concurrency",
        type ->
            names.contains(type.getName())
                || (type.getPackageName().equals("java.io")
                    // Reading what is in memory is no I/O, though protobuf's reader of bytes
                    // declares its failures as such, and records are serializable.
                    && !Set.of("Serializable", "StringReader", "Reader", "IOException")
                        .contains(type.getSimpleName()))
                || type.getPackageName().startsWith("java.nio.file")
                || type.getPackageName().startsWith("java.nio.channels")
                || type.getPackageName().startsWith("java.net.http")
                || type.getPackageName().startsWith("java.util.concurrent")
                || type.getPackageName().startsWith("java.util.logging")
                || type.getPackageName().startsWith("org.slf4j"));
  }

  private static DescribedPredicate<JavaClass> primitiveOrArrayOfOne() {
    return DescribedPredicate.describe(
        "are primitive", type -> type.getBaseComponentType().isPrimitive());
  }

  private static void allow(String name, String[]... targets) {
    ALLOWED.put(name, java.util.Arrays.stream(targets).flatMap(java.util.Arrays::stream).toList());
  }

  private static String[] to(String... targets) {
    return targets;
  }
}
