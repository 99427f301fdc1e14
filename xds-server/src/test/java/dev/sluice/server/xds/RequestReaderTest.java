package dev.sluice.server.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Status;
import dev.sluice.server.snapshot.ResourceType;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.ResourceLocator;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RequestReaderTest {
  private static final int REQUESTS = 20_000;

  private final Random random = new Random(4);
  private final NameLists lists = new NameLists();

  @ParameterizedTest
  @EnumSource(Variant.class)
  void readsWhatTheGeneratedClassesRead(Variant variant) throws IOException {
    for (int i = 0; i < REQUESTS; i++) {
      byte[] request = random(variant);
      assertThat(known(read(variant, request))).isEqualTo(known(generated(variant, request)));
    }
  }

  @ParameterizedTest
  @EnumSource(Variant.class)
  void readsWhatComesInParts(Variant variant) throws IOException {
    for (int i = 0; i < REQUESTS; i++) {
      byte[] request = joined(random(variant), unknown(), random(variant));
      assertThat(known(read(variant, request))).isEqualTo(known(generated(variant, request)));
    }
  }

  /** What is malformed in parts that are passed over, or read later, is no matter here. */
  @ParameterizedTest
  @EnumSource(Variant.class)
  void refusesWhatTheGeneratedClassesRefuse(Variant variant) throws IOException {
    int refused = 0;
    for (int i = 0; i < REQUESTS; i++) {
      byte[] request = damaged(random(variant));
      Optional<WireRequest> expected = valid(variant, request);
      if (expected.isPresent()) {
        assertThat(known(read(variant, request))).isEqualTo(known(expected.get()));
      } else if (valid(variant, withoutMessagesPassedOver(variant, request)).isEmpty()) {
        refused++;
        assertThatThrownBy(() -> read(variant, request)).isInstanceOf(IOException.class);
      }
    }
    assertThat(refused).isGreaterThan(REQUESTS / 10);
  }

  @ParameterizedTest
  @EnumSource(Variant.class)
  void aMalformedRequestEndsTheCall(Variant variant) {
    byte[] cutOff = new byte[] {(byte) 0x12, 5, 'x'};

    assertThatThrownBy(
            () -> new RequestMarshaller(variant, lists).parse(new ByteArrayInputStream(cutOff)))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessage("INTERNAL: Invalid protobuf byte sequence");
  }

  @Test
  void manyNamesInTheSameBytesAreReadOnce() throws IOException {
    List<String> names = IntStream.range(0, 100).mapToObj(i -> "cluster-" + i).toList();
    byte[] first = DiscoveryRequest.newBuilder().addAllResourceNames(names).build().toByteArray();
    byte[] ack =
        DiscoveryRequest.newBuilder()
            .setVersionInfo("1")
            .addAllResourceNames(names)
            .setResponseNonce("2")
            .build()
            .toByteArray();

    List<String> read = read(Variant.STATE_OF_THE_WORLD, first).names();

    assertThat(read).isEqualTo(names);
    assertThat(read(Variant.STATE_OF_THE_WORLD, ack).names()).isSameAs(read);
  }

  @Test
  void namesThatDifferInOneByteAreOthers() throws IOException {
    String name = "x".repeat(400);
    byte[] first = DiscoveryRequest.newBuilder().addResourceNames(name).build().toByteArray();
    byte[] other = first.clone();
    other[other.length - 1] = 'y';

    assertThat(read(Variant.STATE_OF_THE_WORLD, first).names()).containsExactly(name);
    assertThat(read(Variant.STATE_OF_THE_WORLD, other).names())
        .containsExactly("x".repeat(399) + "y");
  }

  @Test
  void theUrlOfATypeThatIsServedIsNotMadeAgain() throws IOException {
    for (ResourceType type : ResourceType.values()) {
      byte[] ack =
          DeltaDiscoveryRequest.newBuilder().setTypeUrl(type.typeUrl()).build().toByteArray();

      assertThat(read(Variant.DELTA, ack).typeUrl()).isSameAs(type.typeUrl());
    }
  }

  private WireRequest read(Variant variant, byte[] request) throws IOException {
    return new RequestReader(variant, lists, request).read();
  }

  /** Equal requests have equal nodes, but not the same bytes of them. */
  private static List<Object> known(WireRequest request) throws IOException {
    List<Object> known = new ArrayList<>();
    known.add(request.node().isPresent() ? Node.parseFrom(request.node().get()) : "no node");
    known.add(
        new WireRequest(
            Optional.empty(),
            request.typeUrl(),
            request.version(),
            request.nonce(),
            request.names(),
            request.unsubscribe(),
            request.initial(),
            request.error()));
    return known;
  }

  private static Optional<WireRequest> valid(Variant variant, byte[] request) {
    try {
      return Optional.of(generated(variant, request));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  private static WireRequest generated(Variant variant, byte[] bytes)
      throws InvalidProtocolBufferException {
    if (variant == Variant.DELTA) {
      DeltaDiscoveryRequest request = DeltaDiscoveryRequest.parseFrom(bytes);
      return new WireRequest(
          request.hasNode() ? Optional.of(request.getNode().toByteString()) : Optional.empty(),
          request.getTypeUrl(),
          "",
          request.getResponseNonce(),
          request.getResourceNamesSubscribeList(),
          request.getResourceNamesUnsubscribeList(),
          request.getInitialResourceVersionsMap(),
          request.hasErrorDetail()
              ? Optional.of(request.getErrorDetail().getMessage())
              : Optional.empty());
    }
    DiscoveryRequest request = DiscoveryRequest.parseFrom(bytes);
    return new WireRequest(
        request.hasNode() ? Optional.of(request.getNode().toByteString()) : Optional.empty(),
        request.getTypeUrl(),
        request.getVersionInfo(),
        request.getResponseNonce(),
        request.getResourceNamesList(),
        List.of(),
        Map.of(),
        request.hasErrorDetail()
            ? Optional.of(request.getErrorDetail().getMessage())
            : Optional.empty());
  }

  private byte[] random(Variant variant) {
    return variant == Variant.DELTA ? randomDelta() : randomSotw();
  }

  private byte[] randomDelta() {
    DeltaDiscoveryRequest.Builder request = DeltaDiscoveryRequest.newBuilder();
    sometimes(() -> request.setNode(node()));
    sometimes(() -> request.setTypeUrl(typeUrl()));
    sometimes(() -> request.addAllResourceNamesSubscribe(texts()));
    sometimes(() -> request.addAllResourceNamesUnsubscribe(texts()));
    sometimes(() -> texts().forEach(name -> request.putInitialResourceVersions(name, text())));
    sometimes(() -> request.setResponseNonce(text()));
    sometimes(() -> request.setErrorDetail(error()));
    sometimes(
        () -> request.addResourceLocatorsSubscribe(ResourceLocator.newBuilder().setName(text())));
    return request.build().toByteArray();
  }

  private byte[] randomSotw() {
    DiscoveryRequest.Builder request = DiscoveryRequest.newBuilder();
    sometimes(() -> request.setVersionInfo(text()));
    sometimes(() -> request.setNode(node()));
    sometimes(() -> request.addAllResourceNames(texts()));
    sometimes(() -> request.setTypeUrl(typeUrl()));
    sometimes(() -> request.setResponseNonce(text()));
    sometimes(() -> request.setErrorDetail(error()));
    sometimes(() -> request.addResourceLocators(ResourceLocator.newBuilder().setName(text())));
    return request.build().toByteArray();
  }

  private void sometimes(Runnable task) {
    if (random.nextBoolean()) {
      task.run();
    }
  }

  private Node node() {
    Node.Builder node = Node.newBuilder().setId(text()).addClientFeatures(text());
    sometimes(() -> node.setCluster(text()));
    return node.build();
  }

  private Status error() {
    Status.Builder status = Status.newBuilder().setCode(random.nextInt(20));
    sometimes(() -> status.setMessage(text()));
    sometimes(() -> status.addDetails(Any.getDefaultInstance()));
    return status.build();
  }

  private String typeUrl() {
    ResourceType[] types = ResourceType.values();
    return random.nextBoolean() ? types[random.nextInt(types.length)].typeUrl() : text();
  }

  /** Few or many, of which some equal others of other requests. */
  private List<String> texts() {
    return IntStream.range(0, random.nextInt(40)).mapToObj(i -> text()).toList();
  }

  private String text() {
    return random.nextInt(10) == 0 ? "" : "cluster-é-" + random.nextInt(12);
  }

  /** Fields of numbers and types that the protocol does not have. */
  private byte[] unknown() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    for (int i = 0; i < random.nextInt(4); i++) {
      int number = 1 + random.nextInt(30);
      switch (random.nextInt(4)) {
        case 0 -> out.writeUInt64(number, random.nextLong());
        case 1 -> out.writeFixed32(number, random.nextInt());
        case 2 -> {
          out.writeTag(number, 3); // a group
          out.writeString(number, text());
          out.writeTag(number, 4);
        }
        default -> out.writeBytes(10 + number, ByteString.copyFromUtf8(text()));
      }
    }
    out.flush();
    return bytes.toByteArray();
  }

  private byte[] damaged(byte[] request) {
    byte[] damaged = request.clone();
    for (int i = random.nextInt(3); i >= 0 && damaged.length > 0; i--) {
      int at = random.nextInt(damaged.length);
      switch (random.nextInt(3)) {
        case 0 -> damaged[at] = (byte) random.nextInt();
        case 1 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
        default -> damaged = Arrays.copyOf(damaged, at);
      }
    }
    return damaged;
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** Without the node and the locators, so that only the rest can be malformed. */
  private static byte[] withoutMessagesPassedOver(Variant variant, byte[] request) {
    Set<Integer> passedOver = variant == Variant.DELTA ? Set.of(1, 8, 9) : Set.of(2, 7);
    ByteArrayOutputStream left = new ByteArrayOutputStream();
    CodedInputStream in = CodedInputStream.newInstance(request);
    int from = 0;
    try {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (!in.skipField(tag)) {
          break;
        }
        if ((tag & 7) != 2 || !passedOver.contains(tag >>> 3)) {
          left.write(request, from, in.getTotalBytesRead() - from);
        }
        from = in.getTotalBytesRead();
      }
    } catch (IOException e) {
      assertThat(e).isInstanceOf(InvalidProtocolBufferException.class);
    }
    left.write(request, from, request.length - from); // What is malformed stays.
    return left.toByteArray();
  }
}
