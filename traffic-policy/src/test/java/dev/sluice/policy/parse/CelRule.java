package dev.sluice.policy.parse;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One of {@code x-kubernetes-validations}.
 *
 * @param rule in CEL, true where all is well
 * @param key {@code message} or {@code messageExpression}
 * @param message what is wrong: text, or CEL that gives it
 * @param fieldPath of the value that is wrong within the one that has the rule; empty for that one
 */
record CelRule(String rule, String key, String message, String fieldPath) {
  static CelRule saying(String rule, String message) {
    return new CelRule(rule, "message", message, "");
  }

  static CelRule computing(String rule, String message) {
    return new CelRule(rule, "messageExpression", message, "");
  }

  CelRule at(String path) {
    return new CelRule(rule, key, message, path);
  }

  Map<String, Object> keywords() {
    Map<String, Object> keywords = new LinkedHashMap<>();
    keywords.put("rule", rule);
    keywords.put(key, message);
    if (!fieldPath.isEmpty()) {
      keywords.put("fieldPath", fieldPath);
    }
    return keywords;
  }
}
