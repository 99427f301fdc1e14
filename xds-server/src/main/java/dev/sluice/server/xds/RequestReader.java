package dev.sluice.server.xds;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import com.google.rpc.Status;
import dev.sluice.server.snapshot.ResourceType;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads one request, in both variants: what the generated classes would read, field by field, of
 * what the engine looks at. Nearly every request is an ACK, of which this makes two strings.
 */
final class RequestReader {
  /** The tags of a map's entry: its key and its value. */
  private static final int NAME = 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

  private static final int HELD = 2 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

  private enum Field {
    NODE,
    TYPE_URL,
    VERSION,
    NONCE,
    NAMES,
    UNSUBSCRIBE,
    INITIAL,
    ERROR,
    PASSED_OVER
  }

  private static final Field[] SOTW =
      fields(
          Map.of(
              DiscoveryRequest.NODE_FIELD_NUMBER, Field.NODE,
              DiscoveryRequest.TYPE_URL_FIELD_NUMBER, Field.TYPE_URL,
              DiscoveryRequest.VERSION_INFO_FIELD_NUMBER, Field.VERSION,
              DiscoveryRequest.RESPONSE_NONCE_FIELD_NUMBER, Field.NONCE,
              DiscoveryRequest.RESOURCE_NAMES_FIELD_NUMBER, Field.NAMES,
              DiscoveryRequest.ERROR_DETAIL_FIELD_NUMBER, Field.ERROR));

  private static final Field[] DELTA =
      fields(
          Map.of(
              DeltaDiscoveryRequest.NODE_FIELD_NUMBER, Field.NODE,
              DeltaDiscoveryRequest.TYPE_URL_FIELD_NUMBER, Field.TYPE_URL,
              DeltaDiscoveryRequest.RESPONSE_NONCE_FIELD_NUMBER, Field.NONCE,
              DeltaDiscoveryRequest.RESOURCE_NAMES_SUBSCRIBE_FIELD_NUMBER, Field.NAMES,
              DeltaDiscoveryRequest.RESOURCE_NAMES_UNSUBSCRIBE_FIELD_NUMBER, Field.UNSUBSCRIBE,
              DeltaDiscoveryRequest.INITIAL_RESOURCE_VERSIONS_FIELD_NUMBER, Field.INITIAL,
              DeltaDiscoveryRequest.ERROR_DETAIL_FIELD_NUMBER, Field.ERROR));

  private static final ResourceType[] TYPES = ResourceType.values();

  /** The URL of each type, in their order. */
  private static final byte[][] ENCODED_URLS =
      Stream.of(TYPES)
          .map(type -> type.typeUrl().getBytes(StandardCharsets.UTF_8))
          .toArray(byte[][]::new);

  private final Field[] fields;
  private final NameLists lists;
  private final byte[] bytes;
  private final CodedInputStream in;

  /** Where the newest tag begins; behind the last field the end. */
  private int at;

  private Optional<ByteString> node = Optional.empty();
  private Optional<ByteString> error = Optional.empty();
  private String typeUrl = "";
  private String version = "";
  private String nonce = "";
  private List<String> names = List.of();
  private List<String> unsubscribe = List.of();
  private Map<String, String> initial = Map.of();

  /** A reader of {@code bytes}, which nobody changes any more. */
  RequestReader(Variant variant, NameLists lists, byte[] bytes) {
    this.fields = variant == Variant.DELTA ? DELTA : SOTW;
    this.lists = lists;
    this.bytes = bytes;
    this.in = CodedInputStream.newInstance(bytes);
  }

  private static Field[] fields(Map<Integer, Field> known) {
    Field[] fields = new Field[Collections.max(known.keySet()) + 1];
    Arrays.fill(fields, Field.PASSED_OVER);
    known.forEach((number, field) -> fields[number] = field);
    return fields;
  }

  /**
   * Reads it.
   *
   * @throws IOException if the bytes are no such message
   */
  WireRequest read() throws IOException {
    int tag = nextTag();
    while (tag != 0) {
      tag = field(tag);
    }
    in.checkLastTagWas(0);
    return new WireRequest(
        node,
        typeUrl,
        version,
        nonce,
        names,
        unsubscribe,
        initial,
        error.isEmpty()
            ? Optional.empty()
            : Optional.of(Status.parseFrom(error.get()).getMessage()));
  }

  private int nextTag() throws IOException {
    at = in.getTotalBytesRead();
    return in.readTag();
  }

  /** Reads the field of that tag, and names to their last; gives the next tag. */
  private int field(int tag) throws IOException {
    switch (kind(tag)) {
      case NODE -> node = Optional.of(merged(node));
      case ERROR -> error = Optional.of(merged(error));
      case TYPE_URL -> typeUrl = typeUrl();
      case VERSION -> version = in.readStringRequireUtf8();
      case NONCE -> nonce = in.readStringRequireUtf8();
      case INITIAL -> entry();
      case NAMES -> {
        int from = at;
        int next = behind(tag);
        names = both(names, lists.read(bytes, from, at));
        return next;
      }
      case UNSUBSCRIBE -> {
        int from = at;
        int next = behind(tag);
        unsubscribe = both(unsubscribe, lists.read(bytes, from, at));
        return next;
      }
      case PASSED_OVER -> {
        if (!in.skipField(tag)) {
          return 0; // The end of a group that did not begin; found by the tag being the last.
        }
      }
    }
    return nextTag();
  }

  private Field kind(int tag) {
    int number = WireFormat.getTagFieldNumber(tag);
    boolean known =
        number < fields.length
            && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
    return known ? fields[number] : Field.PASSED_OVER;
  }

  /** Passes over all that follow of the repeated field; gives the tag behind them. */
  private int behind(int tag) throws IOException {
    int next = tag;
    while (next == tag) {
      in.skipRawBytes(in.readRawVarint32());
      next = nextTag();
    }
    return next;
  }

  private static List<String> both(List<String> some, List<String> more) {
    if (some.isEmpty()) {
      return more;
    }
    List<String> all = new ArrayList<>(some);
    all.addAll(more);
    return List.copyOf(all);
  }

  /** A message that comes in parts is what its parts are one after another. */
  private ByteString merged(Optional<ByteString> before) throws IOException {
    int length = in.readRawVarint32();
    int from = in.getTotalBytesRead();
    in.skipRawBytes(length);
    ByteString part = UnsafeByteOperations.unsafeWrap(bytes, from, length);
    return before.map(first -> first.concat(part)).orElse(part);
  }

  /** One of a type that is served is not made again. */
  private String typeUrl() throws IOException {
    int from = in.getTotalBytesRead();
    int length = in.readRawVarint32();
    int text = in.getTotalBytesRead();
    for (int i = 0; i < TYPES.length; i++) {
      byte[] url = ENCODED_URLS[i];
      if (length == url.length
          && length <= bytes.length - text
          && Arrays.equals(bytes, text, text + length, url, 0, length)) {
        in.skipRawBytes(length);
        return TYPES[i].typeUrl();
      }
    }
    CodedInputStream again = CodedInputStream.newInstance(bytes, from, bytes.length - from);
    String url = again.readStringRequireUtf8();
    in.skipRawBytes(length);
    return url;
  }

  /** Reads what a client has of one resource. */
  private void entry() throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    String name = "";
    String held = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == NAME) {
        name = in.readStringRequireUtf8();
      } else if (tag == HELD) {
        held = in.readStringRequireUtf8();
      } else if (!in.skipField(tag)) {
        break; // The end of a group that did not begin.
      }
    }
    in.checkLastTagWas(0);
    in.popLimit(limit);
    if (initial.isEmpty()) {
      initial = new HashMap<>();
    }
    initial.put(name, held);
  }
}
