package dev.sluice.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/**
 * Keys of a record, or constants of an enum, that policy.md specifies and that are not built yet: a
 * document that uses one is told so, rather than being silently read without it.
 */
@Retention(RetentionPolicy.RUNTIME)
@java.lang.annotation.Target(ElementType.TYPE)
public @interface Planned {
  /** The keys or constants, as they are written. */
  String[] value();
}
