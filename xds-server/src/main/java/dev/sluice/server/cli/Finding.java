package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.problem.Severity;
import java.util.Objects;

/**
 * Something that is not as it should be.
 *
 * @param severity whether requests or changes suffer by it, or may
 * @param subject what it is about
 * @param message what is the matter
 * @param todo what to do, or to know, about it
 */
record Finding(Severity severity, String subject, String message, String todo) {
  Finding {
    Objects.requireNonNull(severity);
    Objects.requireNonNull(subject);
    Objects.requireNonNull(message);
    Objects.requireNonNull(todo);
  }

  static Finding error(String subject, String message, String todo) {
    return new Finding(Severity.ERROR, subject, message, todo);
  }

  static Finding warning(String subject, String message, String todo) {
    return new Finding(Severity.WARNING, subject, message, todo);
  }

  ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("severity", severity.name())
        .put("subject", subject)
        .put("message", message)
        .put("todo", todo);
  }
}
