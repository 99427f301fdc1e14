package dev.sluice.patch;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.sluice.problem.JsonPath;
import dev.sluice.spec.Tree;
import dev.sluice.spec.Tree.Removal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Trees over messages, by the messages' descriptors. What does not fit is told and left out; the
 * rest is merged.
 */
final class TreeMerge {
  private static final String TYPE = "@type";

  private final BiConsumer<String, String> problems;

  /**
   * @param problems takes the path of each value that does not fit, and why
   */
  TreeMerge(BiConsumer<String, String> problems) {
    this.problems = problems;
  }

  void merge(Message.Builder target, Tree patch, String path) {
    Descriptor type = target.getDescriptorForType();
    Map<OneofDescriptor, String> oneofs = new HashMap<>();
    patch
        .fields()
        .forEach(
            (key, value) -> {
              String at = JsonPath.key(path, key);
              Optional<FieldDescriptor> field = Fields.find(type, key);
              if (field.isEmpty()) {
                problems.accept(at, Fields.unknown(type, key));
              } else if (isSole(field.get(), key, at, oneofs)) {
                field(target, field.get(), value, at);
              }
            });
  }

  private boolean isSole(
      FieldDescriptor field, String key, String at, Map<OneofDescriptor, String> oneofs) {
    if (field.getOptions().getDeprecated()) {
      problems.accept(at, "is deprecated by Envoy, whose versions may refuse it; remove it");
      return false;
    }
    OneofDescriptor oneof = field.getRealContainingOneof();
    String other = oneof == null ? null : oneofs.putIfAbsent(oneof, key);
    if (other != null) {
      problems.accept(at, "excludes \"" + other + "\"; keep one of them");
    }
    return other == null;
  }

  private void field(Message.Builder target, FieldDescriptor field, Object value, String at) {
    if (value instanceof Removal) {
      target.clearField(field);
    } else if (field.isMapField()) {
      map(target, field, value, at);
    } else if (field.isRepeated()) {
      list(target, field, value, at);
    } else if (Fields.isLeaf(field)) {
      Leaves.read(target, field, value, reason -> problems.accept(at, reason))
          .ifPresent(read -> target.setField(field, read));
    } else {
      // Entries of maps have no builders of their fields.
      Message.Builder nested = ((Message) target.getField(field)).toBuilder();
      message(nested, value, at);
      target.setField(field, nested.build());
    }
  }

  private void message(Message.Builder target, Object value, String at) {
    if (!(value instanceof Tree tree)) {
      problems.accept(
          at, "must be a mapping of fields of " + target.getDescriptorForType().getFullName());
    } else if (target instanceof Any.Builder any) {
      packed(any, tree, at);
    } else {
      merge(target, tree, at);
    }
  }

  /** A packed message is merged with one of its own type, and stands for one of another. */
  private void packed(Any.Builder target, Tree patch, String at) {
    if (!(patch.fields().get(TYPE) instanceof String url)) {
      problems.accept(
          JsonPath.key(at, TYPE),
          "is required; write such as type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua");
      return;
    }
    String name = url.substring(url.lastIndexOf('/') + 1);
    Optional<Message> type = PackedMessages.prototype(name);
    if (type.isEmpty()) {
      problems.accept(
          JsonPath.key(at, TYPE), "\"" + name + "\" is no message of Envoy's that is known here");
      return;
    }
    Message.Builder content = type.get().newBuilderForType();
    if (target.getTypeUrl().endsWith("/" + name)) {
      try {
        content.mergeFrom(target.getValue());
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("what was packed can be unpacked", e);
      }
    }
    TreeMap<String, Object> fields = new TreeMap<>(patch.fields());
    fields.remove(TYPE);
    merge(content, new Tree(fields), at);
    target.setTypeUrl("type.googleapis.com/" + name).setValue(content.build().toByteString());
  }

  private void map(Message.Builder target, FieldDescriptor field, Object value, String at) {
    if (!(value instanceof Tree tree)) {
      problems.accept(at, "must be a mapping such as {key: value}");
      return;
    }
    FieldDescriptor keys = field.getMessageType().findFieldByName("key");
    Map<Object, Message.Builder> entries = new TreeMap<>();
    for (int i = 0; i < target.getRepeatedFieldCount(field); i++) {
      Message entry = (Message) target.getRepeatedField(field, i);
      entries.put(entry.getField(keys), entry.toBuilder());
    }
    tree.fields()
        .forEach(
            (key, content) -> {
              if (keys.getJavaType() != JavaType.STRING) {
                problems.accept(at, "cannot be patched: its keys are not text");
              } else if (content instanceof Removal) {
                entries.remove(key);
              } else {
                Message.Builder entry =
                    entries.computeIfAbsent(
                        key, it -> target.newBuilderForField(field).setField(keys, it));
                field(
                    entry,
                    field.getMessageType().findFieldByName("value"),
                    content,
                    JsonPath.key(at, key));
              }
            });
    target.clearField(field);
    entries.values().forEach(entry -> target.addRepeatedField(field, entry.build()));
  }

  private void list(Message.Builder target, FieldDescriptor field, Object value, String at) {
    if (!(value instanceof List<?> items)) {
      problems.accept(at, "must be a list");
      return;
    }
    if (Fields.isLeaf(field)) {
      List<Object> read = new ArrayList<>();
      for (int i = 0; i < items.size(); i++) {
        String item = JsonPath.index(at, i);
        Leaves.read(target, field, items.get(i), reason -> problems.accept(item, reason))
            .ifPresent(read::add);
      }
      target.setField(field, read);
    } else {
      new NamedEntries(target, field, this::message, problems).merge(items, at);
    }
  }
}
