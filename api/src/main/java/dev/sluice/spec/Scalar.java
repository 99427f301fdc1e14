package dev.sluice.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/**
 * A type that a document writes as one scalar. It has a {@code public static T parse(String)} that
 * throws {@link IllegalArgumentException}, whose message says what is wrong and what would be
 * right, and its {@code toString} gives what {@code parse} reads.
 */
@Retention(RetentionPolicy.RUNTIME)
@java.lang.annotation.Target(ElementType.TYPE)
public @interface Scalar {}
