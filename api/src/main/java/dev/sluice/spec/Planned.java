package dev.sluice.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/**
 * Keys that policy.md specifies for a record and that are not built yet: a document that uses one
 * is told so, rather than being silently read without it.
 */
@Retention(RetentionPolicy.RUNTIME)
@java.lang.annotation.Target(ElementType.TYPE)
public @interface Planned {
  /** The keys, as they are written. */
  String[] value();
}
