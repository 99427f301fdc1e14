package dev.sluice.bench.load;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * What a proxy has to know of a response, read from its bytes without decoding the resources. The
 * fields that it reads have the same numbers in {@code DiscoveryResponse} and {@code
 * DeltaDiscoveryResponse}. One is used again and again, by one thread.
 */
final class ResponseScan {
  /** Is told of each resource, in the response's order. */
  interface Resources {
    /** A resource's name and version; a state-of-the-world resource has no version of its own. */
    void resource(String name, String version);
  }

  private static final int RESOURCES = 2;
  private static final byte[] MARKER = Contents.MARKER.getBytes(StandardCharsets.US_ASCII);
  private static final int MARKED_BYTES = MARKER.length + 10;

  private final Variant variant;
  private boolean isEndpoints;
  private String version = "";
  private String nonce = "";
  private int count;
  private long bytes;
  private int change;

  ResponseScan(Variant variant) {
    this.variant = variant;
  }

  /** Reads {@code message} from its reader index, which stays where it is. */
  void read(ByteBuf message) {
    isEndpoints = false;
    version = "";
    nonce = "";
    count = 0;
    bytes = 0;
    change = 0;
    ByteBuf in = message.slice();
    while (in.isReadable()) {
      int tag = varint(in);
      if ((tag & 7) == 0) {
        varint(in);
        continue;
      }
      int length = varint(in);
      int start = in.readerIndex();
      field(in, tag >>> 3, start, length);
      in.readerIndex(start + length);
    }
  }

  /** Tells of the resources of the message that was read last. */
  void resources(ByteBuf message, Resources resources) {
    ByteBuf in = message.slice();
    while (in.isReadable()) {
      int tag = varint(in);
      int length = varint(in);
      if ((tag & 7) != 0) {
        if (tag >>> 3 == RESOURCES) {
          named(in.slice(in.readerIndex(), length), resources);
        }
        in.skipBytes(length);
      }
    }
  }

  private void field(ByteBuf in, int number, int start, int length) {
    switch (number) {
      case 1 -> version = text(in, start, length);
      case RESOURCES -> {
        count++;
        bytes += length;
        change = Math.max(change, marked(in, start, start + length));
      }
      case 4 -> isEndpoints = length == Contents.EDS.length();
      case 5 -> nonce = text(in, start, length);
      default -> {} // names that are gone, the control plane's own name
    }
  }

  private static String text(ByteBuf in, int start, int length) {
    return in.toString(start, length, StandardCharsets.US_ASCII);
  }

  /** The number in the first changed address between the indexes; 0 for none. */
  private static int marked(ByteBuf in, int start, int end) {
    int colon = in.indexOf(start, end, (byte) ':');
    while (colon >= 0) {
      int at = colon - MARKER.length + 1;
      if (at >= start && at + MARKED_BYTES <= end && in.getByte(at) == MARKER[0]) {
        String address = text(in, at, MARKED_BYTES);
        if (address.startsWith(Contents.MARKER)) {
          return Integer.parseInt(address.substring(6, 10) + address.substring(11), 16);
        }
      }
      colon = in.indexOf(colon + 1, end, (byte) ':');
    }
    return 0;
  }

  /** A delta resource has version and name as fields 1 and 3; an {@code Any} its value as 2. */
  private void named(ByteBuf in, Resources resources) {
    String name = "";
    String own = "";
    while (in.isReadable()) {
      int number = varint(in) >>> 3;
      int length = varint(in);
      int start = in.readerIndex();
      if (variant == Variant.SOTW && number == 2) {
        ByteBuf value = in.slice(start, length);
        varint(value); // the tag of field 1, which is the name of both types
        int nameBytes = varint(value);
        name = text(value, value.readerIndex(), nameBytes);
      } else if (variant == Variant.DELTA && number == 3) {
        name = text(in, start, length);
      } else if (variant == Variant.DELTA && number == 1) {
        own = text(in, start, length);
      }
      in.readerIndex(start + length);
    }
    resources.resource(name, own);
  }

  private static int varint(ByteBuf in) {
    int value = 0;
    for (int shift = 0; ; shift += 7) {
      int next = in.readByte();
      value |= (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  /** Whether the response is of EDS; of CDS otherwise. */
  boolean isEndpoints() {
    return isEndpoints;
  }

  /** {@code version_info} or {@code system_version_info}. */
  String version() {
    return version;
  }

  String nonce() {
    return nonce;
  }

  /** How many resources it has. */
  int count() {
    return count;
  }

  /** The size of its resources. */
  long bytes() {
    return bytes;
  }

  /** The newest change in it; 0 for none. */
  int change() {
    return change;
  }
}
