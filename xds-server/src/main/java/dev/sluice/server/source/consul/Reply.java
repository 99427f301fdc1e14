package dev.sluice.server.source.consul;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What Consul's answers hold, as far as it is used; what may be null in them is never so here. */
final class Reply {
  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private Reply() {}

  /** {@code /v1/catalog/services}: tags by name. */
  static Map<String, List<String>> names(byte[] body) throws IOException {
    return read(body, new TypeReference<Map<String, List<String>>>() {}, Map.of());
  }

  /** {@code /v1/health/service/NAME}. */
  static List<Entry> entries(byte[] body) throws IOException {
    return read(body, new TypeReference<List<Entry>>() {}, List.of());
  }

  /** {@code /v1/health/state/STATE}. */
  static List<Check> checks(byte[] body) throws IOException {
    return read(body, new TypeReference<List<Check>>() {}, List.of());
  }

  /** {@code /v1/kv/PREFIX?recurse}. */
  static List<KeyValue> keys(byte[] body) throws IOException {
    return read(body, new TypeReference<List<KeyValue>>() {}, List.of());
  }

  /** {@code /v1/status/leader}: empty where there is none. */
  static String leader(byte[] body) throws IOException {
    return read(body, new TypeReference<String>() {}, "");
  }

  private static <T> T read(byte[] body, TypeReference<T> type, T nothing) throws IOException {
    if (body.length == 0) {
      return nothing;
    }
    try {
      T value = JSON.readValue(body, type);
      return value == null ? nothing : value;
    } catch (JsonMappingException e) {
      throw new IOException("its answer cannot be read: it is not what Consul says there", e);
    } catch (JsonProcessingException e) {
      JsonLocation place = e.getLocation();
      throw new IOException(
          "its answer cannot be read: it is no JSON from line %d, column %d on"
              .formatted(place.getLineNr(), place.getColumnNr()),
          e);
    }
  }

  /** One instance with the checks of itself and of its node. */
  record Entry(
      @JsonProperty("Node") Node node,
      @JsonProperty("Service") Registered service,
      @JsonProperty("Checks") List<Check> checks) {
    Entry {
      Objects.requireNonNull(node);
      Objects.requireNonNull(service);
      checks = orEmpty(checks);
    }
  }

  /** A machine. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Node(
      @JsonProperty("Node") String name,
      @JsonProperty("Address") String address,
      @JsonProperty("Datacenter") String datacenter,
      @JsonProperty("TaggedAddresses") Map<String, String> taggedAddresses,
      @JsonProperty("Meta") Map<String, String> meta,
      @JsonProperty("Locality") @Nullable Where locality) {
    Node {
      name = orEmpty(name);
      address = orEmpty(address);
      datacenter = orEmpty(datacenter);
      taggedAddresses = orEmpty(taggedAddresses);
      meta = orEmpty(meta);
    }
  }

  /** An instance as it registered. */
  record Registered(
      @JsonProperty("Kind") String kind,
      @JsonProperty("ID") String id,
      @JsonProperty("Address") String address,
      @JsonProperty("Port") int port,
      @JsonProperty("TaggedAddresses") Map<String, Tagged> taggedAddresses,
      @JsonProperty("Tags") List<String> tags,
      @JsonProperty("Meta") Map<String, String> meta,
      @JsonProperty("Weights") @Nullable Weights weights,
      @JsonProperty("Locality") @Nullable Where locality) {
    Registered {
      kind = orEmpty(kind);
      id = orEmpty(id);
      address = orEmpty(address);
      taggedAddresses = orEmpty(taggedAddresses);
      tags = orEmpty(tags);
      meta = orEmpty(meta);
    }
  }

  /** Another address of an instance. */
  record Tagged(@JsonProperty("Address") String address, @JsonProperty("Port") int port) {
    Tagged {
      address = orEmpty(address);
    }
  }

  /** Shares among its peers. */
  record Weights(@JsonProperty("Passing") int passing, @JsonProperty("Warning") int warning) {}

  /** Where something runs, since Consul 1.17. */
  record Where(@JsonProperty("Region") String region, @JsonProperty("Zone") String zone) {
    Where {
      region = orEmpty(region);
      zone = orEmpty(zone);
    }
  }

  /** One check. */
  record Check(
      @JsonProperty("Node") String node,
      @JsonProperty("CheckID") String id,
      @JsonProperty("Status") String status,
      @JsonProperty("ServiceID") String serviceId,
      @JsonProperty("ServiceName") String serviceName) {
    Check {
      node = orEmpty(node);
      id = orEmpty(id);
      status = orEmpty(status);
      serviceId = orEmpty(serviceId);
      serviceName = orEmpty(serviceName);
    }
  }

  /** A key with its value, in Base64. */
  record KeyValue(
      @JsonProperty("Key") String key,
      @JsonProperty("Value") @Nullable String value,
      @JsonProperty("ModifyIndex") long modifyIndex) {
    KeyValue {
      key = orEmpty(key);
    }
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }

  private static <V> Map<String, V> orEmpty(@Nullable Map<String, V> map) {
    return map == null ? Map.of() : Map.copyOf(map);
  }
}
