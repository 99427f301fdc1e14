package dev.sluice.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/**
 * Keys of a record of which a document gives one at most. Where sections are merged, one of them in
 * the section on top takes the place of all of them in the one below.
 */
@Retention(RetentionPolicy.RUNTIME)
@java.lang.annotation.Target(ElementType.TYPE)
public @interface Exclusive {
  /** The record's components. */
  String[] value();
}
