package dev.sluice.patch;

import com.google.protobuf.Message;
import java.util.Optional;
import java.util.regex.Pattern;

/** The messages that may be packed, by the names of their types. */
final class PackedMessages {
  /** The generated classes are named as the messages are, under a package of their own. */
  private static final Pattern ENVOY = Pattern.compile("envoy(\\.[a-z][a-z0-9_]*)+\\.[A-Z]\\w*");

  private static final String CLASSES = "io.envoyproxy.";

  private PackedMessages() {}

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
