package dev.sluice.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** A component that a document must give. All others may be left out. */
@Retention(RetentionPolicy.RUNTIME)
@java.lang.annotation.Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
public @interface Required {}
