package dev.sluice.translate.check;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.io.IOException;
import java.time.Duration;

/** Values as they stand in encoded messages. */
final class WireValues {
  private WireValues() {}

  /** A number, boolean, text, bytes, or an enum's number. */
  static Object scalar(FieldDescriptor.Type type, CodedInputStream in) throws IOException {
    return switch (type) {
      case DOUBLE -> in.readDouble();
      case FLOAT -> in.readFloat();
      case INT64 -> in.readInt64();
      case UINT64 -> in.readUInt64();
      case INT32 -> in.readInt32();
      case FIXED64 -> in.readFixed64();
      case FIXED32 -> in.readFixed32();
      case BOOL -> in.readBool();
      case STRING -> in.readString();
      case BYTES -> in.readBytes();
      case UINT32 -> in.readUInt32();
      case ENUM -> in.readEnum();
      case SFIXED32 -> in.readSFixed32();
      case SFIXED64 -> in.readSFixed64();
      case SINT32 -> in.readSInt32();
      case SINT64 -> in.readSInt64();
      case MESSAGE, GROUP -> throw new IllegalArgumentException(type + " is no scalar");
    };
  }

  /** The value of a scalar field that is not set. */
  static Object unset(FieldDescriptor field) {
    Object value = field.getDefaultValue();
    return value instanceof EnumValueDescriptor constant ? constant.getNumber() : value;
  }

  /** What a message of {@code wrappers.proto} wraps. */
  static Object wrapped(FieldDescriptor wrapper, CodedInputStream in) throws IOException {
    FieldDescriptor field = wrapper.getMessageType().findFieldByNumber(1);
    int before = in.pushLimit(in.readRawVarint32());
    Object value = in.readTag() == 0 ? unset(field) : scalar(field.getType(), in);
    in.popLimit(before);
    return value;
  }

  static Duration duration(CodedInputStream in) throws IOException {
    int before = in.pushLimit(in.readRawVarint32());
    long seconds = 0;
    int nanos = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> seconds = in.readInt64();
        case 2 -> nanos = in.readInt32();
        default -> in.skipField(tag);
      }
    }
    in.popLimit(before);
    return Duration.ofSeconds(seconds, nanos);
  }
}
