package dev.sluice.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** The key that a document writes, where it is no Java identifier. */
@Retention(RetentionPolicy.RUNTIME)
@java.lang.annotation.Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
public @interface Key {
  /** The key as it is written. */
  String value();
}
