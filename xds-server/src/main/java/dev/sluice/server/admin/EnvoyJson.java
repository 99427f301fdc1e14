package dev.sluice.server.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.sluice.translate.PackedTypes;
import java.util.Set;

/** Envoy's resources as protobuf's JSON, the extensions within them included. */
public final class EnvoyJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Fields that Envoy marks as sensitive, and does not show either. */
  private static final Set<String> SENSITIVE =
      Set.of("privateKey", "pkcs12", "password", "sessionTicketKeys", "genericSecret");

  private EnvoyJson() {}

  /** The JSON of {@code message}, with {@code [redacted]} in place of what must stay secret. */
  public static JsonNode of(Message message) {
    try {
      JsonFormat.Printer printer =
          JsonFormat.printer().usingTypeRegistry(PackedTypes.registry(message));
      return redacted(MAPPER.readTree(printer.print(message)));
    } catch (InvalidProtocolBufferException | JsonProcessingException e) {
      throw new IllegalStateException(
          "an extension of " + message.getDescriptorForType().getName() + " is not registered", e);
    }
  }

  private static JsonNode redacted(JsonNode node) {
    if (node instanceof ObjectNode object) {
      SENSITIVE.stream().filter(object::has).forEach(field -> object.put(field, "[redacted]"));
    }
    node.forEach(EnvoyJson::redacted);
    return node;
  }
}
