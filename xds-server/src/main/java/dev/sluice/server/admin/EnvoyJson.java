package dev.sluice.server.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.sluice.translate.PackedTypes;

/** Envoy's resources as protobuf's JSON, the extensions within them included. */
public final class EnvoyJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private EnvoyJson() {}

  /** The JSON of {@code message}. */
  public static JsonNode of(Message message) {
    try {
      JsonFormat.Printer printer =
          JsonFormat.printer().usingTypeRegistry(PackedTypes.registry(message));
      return MAPPER.readTree(printer.print(message));
    } catch (InvalidProtocolBufferException | JsonProcessingException e) {
      throw new IllegalStateException(
          "an extension of " + message.getDescriptorForType().getName() + " is not registered", e);
    }
  }
}
