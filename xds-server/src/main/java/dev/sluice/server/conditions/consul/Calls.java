package dev.sluice.server.conditions.consul;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.server.consul.ConsulClient;
import dev.sluice.server.consul.ConsulException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Consul's answers, waited for. Any thread may ask. */
final class Calls {
  /** No request that a lock depends on takes longer, or it could not be kept. */
  static final Duration REQUEST = Duration.ofSeconds(3);

  static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /** There may be thousands of keys. */
  private static final Duration MANY = Duration.ofSeconds(10);

  private final ConsulClient client;

  Calls(ConsulClient client) {
    this.client = client;
  }

  /** Where Consul is. */
  URI address() {
    return client.address();
  }

  /** A key as Consul has it. */
  record KeyValue(
      @JsonProperty("Key") String key,
      @JsonProperty("Value") @Nullable String value,
      @JsonProperty("ModifyIndex") long index,
      @JsonProperty("Session") @Nullable String session) {
    /** The session that holds it; empty for none. */
    String holder() {
      return session == null ? "" : session;
    }

    /** Its value as text; what is none of ours may be anything. */
    String text() {
      return value == null
          ? ""
          : new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
    }
  }

  /** A key, if it is there. */
  List<KeyValue> key(String key) throws ConsulException {
    return keys(await(client.get(ConsulClient.ofKey(key), REQUEST)).body());
  }

  /** A key as it is by now, whatever consistency other reads have, if it is there. */
  List<KeyValue> latest(String key) throws ConsulException {
    return keys(await(client.getLatest(ConsulClient.ofKey(key), REQUEST)).body());
  }

  /** All keys that begin so, as they are by now. */
  List<KeyValue> latestBelow(String prefix) throws ConsulException {
    return keys(await(client.getLatest(below(prefix), MANY)).body());
  }

  /** All keys that begin so. */
  List<KeyValue> keysBelow(String prefix) throws ConsulException {
    return keys(await(client.get(below(prefix), MANY)).body());
  }

  /** Where all keys are that begin so. */
  static String below(String prefix) {
    return ConsulClient.ofKey(prefix) + "?recurse";
  }

  /** Reads keys; none from an empty answer. */
  List<KeyValue> keys(byte[] body) throws ConsulException {
    return body.length == 0 ? List.of() : read(body, new TypeReference<>() {});
  }

  /** What is at a path. */
  <T> T get(String path, TypeReference<T> type) throws ConsulException {
    return read(await(client.get(path, REQUEST)).body(), type);
  }

  /** Puts a body at a path. */
  String put(String path, Map<String, String> parameters, String body) throws ConsulException {
    return await(client.put(path, parameters, body, REQUEST));
  }

  /** Puts a body at a path, and reads the answer. */
  <T> T put(String path, Object body, TypeReference<T> type) throws ConsulException {
    return read(put(path, Map.of(), json(body)).getBytes(StandardCharsets.UTF_8), type);
  }

  /** Removes a key, if it is there. */
  void delete(String key) throws ConsulException {
    await(client.delete(ConsulClient.ofKey(key), REQUEST));
  }

  static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON: " + value, e);
    }
  }

  private <T> T read(byte[] body, TypeReference<T> type) throws ConsulException {
    try {
      T value = JSON.readValue(body, type);
      if (value != null) {
        return value;
      }
      throw new IOException("it is null");
    } catch (IOException e) {
      String why =
          e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
      throw new ConsulException(
          0,
          "Consul at %s: its answer cannot be read: %s; see what listens there"
              .formatted(client.address(), why),
          e);
    }
  }

  private static <T> T await(CompletableFuture<T> answer) throws ConsulException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ConsulException failure
          ? failure
          : new ConsulException(0, "it failed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new ConsulException(0, "it was interrupted", e);
    }
  }
}
