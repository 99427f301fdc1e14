package dev.sluice.e2e;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** JSON as the plain maps and lists that grpc-java's bootstrap is given as. */
final class Json {
  private Json() {}

  static Map<String, Object> map(Struct struct) {
    Map<String, Object> map = new TreeMap<>();
    struct.getFieldsMap().forEach((name, value) -> map.put(name, value(value)));
    return map;
  }

  private static List<Object> list(ListValue values) {
    List<Object> list = new ArrayList<>();
    values.getValuesList().forEach(value -> list.add(value(value)));
    return list;
  }

  private static Object value(Value value) {
    return switch (value.getKindCase()) {
      case STRUCT_VALUE -> map(value.getStructValue());
      case LIST_VALUE -> list(value.getListValue());
      case STRING_VALUE -> value.getStringValue();
      case NUMBER_VALUE -> value.getNumberValue();
      case BOOL_VALUE -> value.getBoolValue();
      case NULL_VALUE, KIND_NOT_SET -> throw new IllegalArgumentException("no null is expected");
    };
  }
}
