package dev.sluice.server.history;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.OptionalInt;

/** Numbers that may be missing, as JSON's numbers and null. */
final class OptionalNumbers {
  static final SimpleModule MODULE =
      new SimpleModule("optional numbers")
          .addSerializer(OptionalInt.class, new Writer())
          .addDeserializer(OptionalInt.class, new Reader());

  private OptionalNumbers() {}

  private static final class Writer extends StdSerializer<OptionalInt> {
    private static final long serialVersionUID = 1;

    Writer() {
      super(OptionalInt.class);
    }

    @Override
    public void serialize(OptionalInt value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      if (value.isPresent()) {
        out.writeNumber(value.getAsInt());
      } else {
        out.writeNull();
      }
    }
  }

  private static final class Reader extends StdDeserializer<OptionalInt> {
    private static final long serialVersionUID = 1;

    Reader() {
      super(OptionalInt.class);
    }

    @Override
    public OptionalInt deserialize(JsonParser in, DeserializationContext context)
        throws IOException {
      return OptionalInt.of(in.getIntValue());
    }

    @Override
    public OptionalInt getNullValue(DeserializationContext context) {
      return OptionalInt.empty();
    }
  }
}
