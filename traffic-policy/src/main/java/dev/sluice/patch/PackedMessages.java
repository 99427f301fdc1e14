package dev.sluice.patch;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The messages that may be packed, by the names of their types. */
public final class PackedMessages {
  /** The generated classes are named as the messages are, under a package of their own. */
  private static final Pattern ENVOY = Pattern.compile("envoy(\\.[a-z][a-z0-9_]*)+\\.[A-Z]\\w*");

  private static final String CLASSES = "io.envoyproxy.";

  private PackedMessages() {}

  /** The types of all that is packed in a message, at whatever depth. */
  public static Set<Descriptor> in(MessageOrBuilder message) {
    Set<Descriptor> found = new LinkedHashSet<>();
    look(message, found);
    return found;
  }

  private static void look(MessageOrBuilder message, Set<Descriptor> found) {
    if (message instanceof Any any) {
      String url = any.getTypeUrl();
      prototype(url.substring(url.lastIndexOf('/') + 1))
          .ifPresent(
              type -> {
                found.add(type.getDescriptorForType());
                look(content(type, any), found);
              });
      return;
    }
    for (Object value : message.getAllFields().values()) {
      List<?> values = value instanceof List<?> list ? list : List.of(value);
      for (Object each : values) {
        if (each instanceof MessageOrBuilder nested) {
          look(nested, found);
        }
      }
    }
  }

  private static Message content(Message type, Any any) {
    try {
      return type.getParserForType().parseFrom(any.getValue());
    } catch (InvalidProtocolBufferException e) {
      return type;
    }
  }

  /** The empty message of the type {@code name}, where the proto is among those we have. */
  static Optional<Message> prototype(String name) {
    if (!ENVOY.matcher(name).matches()) {
      return Optional.empty();
    }
    try {
      Class<?> type = Class.forName(CLASSES + name, true, PackedMessages.class.getClassLoader());
      return Message.class.isAssignableFrom(type)
          ? Optional.of((Message) type.getMethod("getDefaultInstance").invoke(null))
          : Optional.empty();
    } catch (ClassNotFoundException | NoClassDefFoundError e) {
      return Optional.empty();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("every message has its empty one", e);
    }
  }
}
