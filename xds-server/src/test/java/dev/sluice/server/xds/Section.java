package dev.sluice.server.xds;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A class of {@link Behaviour} tests, with its place in {@code docs/xds-conformance.md}. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface Section {
  /** Its heading. */
  String value();

  /** Its place among the sections, from 1. */
  int place();

  /** What the section promises and the server does not do yet, each with the reason. */
  String[] notYet() default {};
}
