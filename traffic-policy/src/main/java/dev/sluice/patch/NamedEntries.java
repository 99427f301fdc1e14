package dev.sluice.patch;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import dev.sluice.problem.JsonPath;
import dev.sluice.spec.Tree;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A list of messages. Those that have a name are merged with the entry of that name; new ones stand
 * before those that were there, since the last of Envoy's filters has to stay the last. Without
 * names, the list is replaced.
 */
final class NamedEntries {
  /** Merges a written value over a message. */
  interface Merge {
    void merge(Message.Builder target, Object value, String path);
  }

  private final Message.Builder target;
  private final FieldDescriptor field;
  private final @Nullable FieldDescriptor name;
  private final Merge merge;
  private final BiConsumer<String, String> problems;

  NamedEntries(
      Message.Builder target,
      FieldDescriptor field,
      Merge merge,
      BiConsumer<String, String> problems) {
    this.target = target;
    this.field = field;
    FieldDescriptor named = field.getMessageType().findFieldByName("name");
    this.name =
        named != null && named.getJavaType() == JavaType.STRING && !named.isRepeated()
            ? named
            : null;
    this.merge = merge;
    this.problems = problems;
  }

  void merge(List<?> items, String path) {
    List<Message.Builder> old = new ArrayList<>();
    for (int i = 0; name != null && i < target.getRepeatedFieldCount(field); i++) {
      old.add(((Message) target.getRepeatedField(field, i)).toBuilder());
    }
    List<Message.Builder> entries = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < items.size(); i++) {
      String at = JsonPath.index(path, i);
      Message.Builder known = name == null ? null : known(old, items.get(i), at, names);
      if (known == null) {
        known = target.newBuilderForField(field);
        entries.add(known);
      }
      merge.merge(known, items.get(i), at);
    }
    entries.addAll(old);
    target.clearField(field);
    entries.forEach(entry -> target.addRepeatedField(field, entry.build()));
  }

  /** The entry of the same name; one without a name has the name "". */
  private Message.@Nullable Builder known(
      List<Message.Builder> old, Object item, String at, Set<String> names) {
    Object own = item instanceof Tree tree ? tree.fields().getOrDefault("name", "") : "";
    if (!names.add(own.toString())) {
      problems.accept(at, "another entry of this list has the name \"" + own + "\"");
    }
    for (Message.Builder entry : old) {
      if (own.equals(entry.getField(Objects.requireNonNull(name)))) {
        return entry;
      }
    }
    return null;
  }
}
