package dev.sluice.server.xds;

import static dev.sluice.server.xds.Wire.DELTA_AGGREGATED;
import static dev.sluice.server.xds.Wire.DELTA_ONE_TYPE;
import static dev.sluice.server.xds.Wire.SOTW_AGGREGATED;
import static dev.sluice.server.xds.Wire.SOTW_ONE_TYPE;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** A test of one line of {@code docs/xds-conformance.md}, run on each wire that it is about. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "{0}")
@ArgumentsSource(Behaviour.Wires.class)
@interface Behaviour {
  /** What the server does, in a sentence. */
  String value();

  /** The wires on which it does; the sentence has no meaning on the others. */
  Wire[] on() default {SOTW_AGGREGATED, SOTW_ONE_TYPE, DELTA_AGGREGATED, DELTA_ONE_TYPE};

  /** The wires of the test that is run. */
  final class Wires implements ArgumentsProvider {
    @Override
    public Stream<? extends Arguments> provideArguments(
        ParameterDeclarations parameters, ExtensionContext context) {
      Behaviour behaviour = context.getRequiredTestMethod().getAnnotation(Behaviour.class);
      return Arrays.stream(behaviour.on()).map(Arguments::of);
    }
  }
}
