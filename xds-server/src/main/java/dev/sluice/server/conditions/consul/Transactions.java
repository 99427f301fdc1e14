package dev.sluice.server.conditions.consul;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.sluice.server.consul.ConsulAccess.Scope;
import dev.sluice.server.consul.ConsulException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes keys in Consul for as long as a session holds a lock, each only as it was read. */
final class Transactions {
  private static final String DENIED = "Permission denied";

  private final Calls calls;
  private final Scope scope;

  Transactions(Calls calls, Scope scope) {
    this.calls = calls;
    this.scope = scope;
  }

  /** What became of one. */
  record Answer(
      @JsonProperty("Results") List<Result> results, @JsonProperty("Errors") List<Wrong> errors) {
    Answer {
      results = orEmpty(results);
      errors = orEmpty(errors);
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
      return list == null ? List.of() : List.copyOf(list);
    }
  }

  /** What one operation came to. */
  record Result(@JsonProperty("KV") Calls.@Nullable KeyValue key) {}

  /** Why one operation failed. */
  record Wrong(@JsonProperty("What") String what) {
    Wrong {
      what = Objects.requireNonNullElse(what, "");
    }
  }

  /**
   * Writes a value.
   *
   * @param index of the key as it was read; 0 where it was not there
   * @return its index from then on; empty where it is another one by now, or the lock another's
   */
  OptionalLong write(String lock, String session, String key, long index, String value)
      throws ConsulException {
    Map<String, Object> write = operation("cas", key);
    write.put("Index", index);
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    write.put("Value", Base64.getEncoder().encodeToString(bytes));
    Answer answer = apply(lock, session, write);
    return answer.results().stream()
        .flatMap(result -> Stream.ofNullable(result.key()))
        .filter(one -> one.key().equals(key))
        .mapToLong(Calls.KeyValue::index)
        .findFirst();
  }

  /** Removes a key that is as it was read; says whether that is so, and the lock the session's. */
  boolean remove(String lock, String session, String key, long index) throws ConsulException {
    Map<String, Object> remove = operation("delete-cas", key);
    remove.put("Index", index);
    return apply(lock, session, remove).errors().isEmpty();
  }

  /** A lock with the session that is to hold it. */
  record Held(String lock, String session) {}

  /**
   * Writes a value, or removes it where that is empty; says whether the key was as it was read, and
   * the lock the session's.
   *
   * @param held the lock; empty to write whoever has it
   * @param index of the key as it was read; 0 where it was not there
   */
  boolean change(Optional<Held> held, String key, long index, String value) throws ConsulException {
    Map<String, Object> change = operation(value.isEmpty() ? "delete-cas" : "cas", key);
    change.put("Index", index);
    if (!value.isEmpty()) {
      byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
      change.put("Value", Base64.getEncoder().encodeToString(bytes));
    }
    return apply(held, change).errors().isEmpty();
  }

  private Answer apply(String lock, String session, Map<String, Object> change)
      throws ConsulException {
    return apply(Optional.of(new Held(lock, session)), change);
  }

  private Answer apply(Optional<Held> held, Map<String, Object> change) throws ConsulException {
    List<Object> operations = new ArrayList<>();
    held.ifPresent(
        it -> {
          Map<String, Object> check = operation("check-session", it.lock());
          check.put("Session", it.session());
          operations.add(Map.of("KV", check));
        });
    operations.add(Map.of("KV", change));
    Answer answer = calls.put("txn", operations, new TypeReference<>() {});
    List<Wrong> denied =
        answer.errors().stream().filter(one -> one.what().startsWith(DENIED)).toList();
    if (!denied.isEmpty()) {
      throw new ConsulException(
          HttpURLConnection.HTTP_FORBIDDEN,
          "Consul at %s does not let the token do this: %s; grant it key:write"
              .formatted(calls.address(), denied.getFirst().what()));
    }
    return answer;
  }

  private Map<String, Object> operation(String verb, String key) {
    Map<String, Object> operation = new LinkedHashMap<>();
    operation.put("Verb", verb);
    operation.put("Key", key);
    scope.namespace().ifPresent(it -> operation.put("Namespace", it));
    scope.partition().ifPresent(it -> operation.put("Partition", it));
    return operation;
  }
}
