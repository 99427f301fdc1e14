package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;

/** The statuses that servers write beside the documents in Consul's key-value store. */
final class ConsulStatuses {
  static final String POLICIES = "sluice/policies/";
  static final String STATUSES = "sluice/policies-status/";
  static final String LOCK = "sluice/policies-status-lock";
  static final String REPLICAS = "sluice/policies-status-replicas/";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ConsulApi consul;

  ConsulStatuses(ConsulApi consul) {
    this.consul = consul;
  }

  /** The part of a server's configuration that has it read documents there. */
  static String configuration(String address, String more) {
    return "sources: {consul: [{name: dc1, address: \"%s\", namespace: shop, policies: %s%s}]}\n"
        .formatted(address, "sluice/policies", more.isEmpty() ? "" : ", " + more);
  }

  /** Writes documents into a key below {@link #POLICIES}. */
  void put(String name, String documents) {
    consul.putKey(POLICIES + name, documents);
  }

  void delete(String name) {
    consul.deleteKey(POLICIES + name);
  }

  /** The status of a key; missing where it has none. */
  JsonNode of(String name) {
    Optional<String> text = consul.getKey(STATUSES + name);
    try {
      return JSON.readTree(text.orElse(""));
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + text, e);
    }
  }

  /** A condition of the first document of a key, as {@code Type Status Reason}. */
  String condition(String name, String type) {
    for (JsonNode one : of(name).at("/documents/0/status/conditions")) {
      if (one.path("type").asText().equals(type)) {
        return "%s %s %s".formatted(type, one.path("status").asText(), one.path("reason").asText());
      }
    }
    return "";
  }

  /** Consul's number of the edition of a key; 0 where there is none. */
  long modifyIndex(String key) {
    return entry(key).path("ModifyIndex").asLong();
  }

  /** Which edition of a status this is. */
  long edition(String name) {
    return modifyIndex(STATUSES + name);
  }

  /** The session that holds the lock; empty for none. */
  String leader() {
    return entry(LOCK).path("Session").asText();
  }

  /** Who of the servers leads, as it calls itself. */
  String leadersName() {
    return consul.getKey(LOCK).orElse("");
  }

  private JsonNode entry(String key) {
    ConsulReply reply = consul.tryGet("/v1/kv/" + key);
    return reply.ok() ? reply.json().path(0) : JSON.missingNode();
  }

  /** Waits until the status of a key is about it as it is, and so many proxies have all of it. */
  void awaitProgrammed(String name, String programmed) {
    await()
        .untilAsserted(
            () -> {
              JsonNode status = of(name);
              assertThat(status.path("modifyIndex").asLong())
                  .as("%s", status)
                  .isEqualTo(modifyIndex(POLICIES + name));
              assertThat(status.path("documents").size()).isPositive();
              for (JsonNode one : status.path("documents")) {
                assertThat(one.at("/status/programmed").asText()).isEqualTo(programmed);
                assertThat(one.at("/status/conditions/2/status").asText()).isEqualTo("True");
              }
            });
  }
}
