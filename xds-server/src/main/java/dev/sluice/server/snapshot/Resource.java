package dev.sluice.server.snapshot;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One xDS resource, encoded once: its bytes are shared by every stream that it is sent to. Its
 * version is a hash of its content, so the same content has the same version on every replica and
 * after every restart. Two resources are equal when type, name and version are.
 */
public final class Resource {
  private static final int VERSION_BYTES = 8;

  private final ResourceType type;
  private final String name;
  private final String version;
  private final ByteString any;
  private final ByteString delta;
  private final ContentHash hash;
  private final Optional<String> assignmentName;
  private final boolean vhds;
  private final Provenance provenance;
  private final @Nullable Expiring expiring;

  /** What clients that know a time to live are sent instead, and from time to time again. */
  private record Expiring(Duration ttl, Resource resource, Resource heartbeat) {}

  private Resource(
      ResourceType type,
      String name,
      ByteString value,
      Optional<String> assignmentName,
      boolean vhds,
      Provenance provenance,
      Optional<Duration> ttl) {
    this.type = type;
    this.name = name;
    this.version = version(value, ttl);
    this.hash = ContentHash.of(name, version);
    this.assignmentName = assignmentName;
    this.vhds = vhds;
    this.provenance = provenance;
    Any packed = Any.newBuilder().setTypeUrl(type.typeUrl()).setValue(value).build();
    this.any = packed.toByteString();
    var wrapper =
        io.envoyproxy.envoy.service.discovery.v3.Resource.newBuilder()
            .setName(name)
            .setVersion(version);
    this.delta = wrapper.setResource(packed).build().toByteString();
    this.expiring =
        ttl.map(
                time -> {
                  wrapper.setTtl(Durations.fromNanos(time.toNanos()));
                  Resource full = new Resource(this, wrapper.build());
                  return new Expiring(
                      time, full, new Resource(this, wrapper.clearResource().build()));
                })
            .orElse(null);
  }

  /** The same in a wrapper of another content. */
  private Resource(Resource same, io.envoyproxy.envoy.service.discovery.v3.Resource wrapper) {
    this.type = same.type;
    this.name = same.name;
    this.version = same.version;
    this.hash = same.hash;
    this.assignmentName = same.assignmentName;
    this.vhds = same.vhds;
    this.provenance = same.provenance;
    this.any = Any.pack(wrapper).toByteString();
    this.delta = wrapper.toByteString();
    this.expiring = null;
  }

  /**
   * The resource with that content.
   *
   * @param type what it is
   * @param name the name under which proxies subscribe to it
   * @param message a message of the type's class; map fields are sorted before they are encoded
   * @param provenance where it comes from
   * @throws IllegalArgumentException if the message is of another class than the type's
   */
  public static Resource of(
      ResourceType type, String name, Message message, Provenance provenance) {
    Objects.requireNonNull(name);
    Objects.requireNonNull(provenance);
    if (!type.prototype().getClass().isInstance(message)) {
      throw new IllegalArgumentException(
          "a "
              + message.getDescriptorForType().getName()
              + " is not a "
              + type.prototype().getDescriptorForType().getName()
              + ": resource "
              + name);
    }
    boolean vhds = message instanceof RouteConfiguration routes && routes.hasVhds();
    return new Resource(
        type,
        name,
        deterministicBytes(message),
        assignmentOf(message),
        vhds,
        provenance,
        Optional.empty());
  }

  /**
   * What answers the request for a resource on demand that does not exist: its name, also as the
   * alias that could not be resolved, and no content. It is sent, and in no snapshot.
   */
  public static Resource unresolved(ResourceType type, String name) {
    return new Resource(type, name);
  }

  private Resource(ResourceType type, String name) {
    this.type = type;
    this.name = name;
    this.version = "";
    this.hash = ContentHash.EMPTY;
    this.assignmentName = Optional.empty();
    this.vhds = false;
    this.expiring = null;
    this.provenance = Provenance.NONE;
    this.any = ByteString.EMPTY;
    this.delta =
        io.envoyproxy.envoy.service.discovery.v3.Resource.newBuilder()
            .setName(name)
            .addAliases(name)
            .build()
            .toByteString();
  }

  /** The same content with another origin; shares the bytes' version. */
  public Resource withProvenance(Provenance other) {
    return new Resource(type, name, packed().getValue(), assignmentName, vhds, other, ttl());
  }

  /**
   * The same with another content: its type, name, provenance and time to live.
   *
   * @throws IllegalArgumentException if the message is of another class than the type's
   */
  public Resource with(Message content) {
    Resource other = of(type, name, content, provenance);
    return ttl().map(other::withTtl).orElse(other);
  }

  /**
   * The same content for a time only: a client that hears nothing for {@code ttl} drops it. It has
   * another version, because clients are to hear of it.
   *
   * @param ttl positive; {@code Resource.ttl} of the protocol
   */
  public Resource withTtl(Duration ttl) {
    if (!ttl.isPositive()) {
      throw new IllegalArgumentException("a time to live must be positive: " + ttl);
    }
    return new Resource(
        type, name, packed().getValue(), assignmentName, vhds, provenance, Optional.of(ttl));
  }

  /** How long clients keep it without hearing of it; empty for ever. */
  public Optional<Duration> ttl() {
    return Optional.ofNullable(expiring).map(Expiring::ttl);
  }

  /**
   * The form with its time to live, for clients that know one: in the state of the world its {@code
   * Any} is that of a {@code Resource} wrapper. Itself where it has none.
   */
  public Resource expiring() {
    return expiring == null ? this : expiring.resource();
  }

  /** The form without content that lengthens the life of what a client has. Itself as above. */
  public Resource heartbeat() {
    return expiring == null ? this : expiring.heartbeat();
  }

  public ResourceType type() {
    return type;
  }

  public String name() {
    return name;
  }

  /** 16 hexadecimal digits: a prefix of the SHA-256 of the encoded message. */
  public String version() {
    return version;
  }

  /** The encoded {@code google.protobuf.Any} that state-of-the-world responses hold. */
  public ByteString any() {
    return any;
  }

  /** The encoded {@code envoy.service.discovery.v3.Resource} that delta responses hold. */
  public ByteString delta() {
    return delta;
  }

  /** What this resource adds to the hash of a set that it is in. */
  public ContentHash hash() {
    return hash;
  }

  /**
   * For a cluster of type EDS the name of the assignment that it warms for ({@code
   * eds_cluster_config.service_name}, or the cluster's own name).
   */
  public Optional<String> assignmentName() {
    return assignmentName;
  }

  /** Whether it is a route configuration whose virtual hosts come on demand. */
  public boolean hasVirtualHostsOnDemand() {
    return vhds;
  }

  public Provenance provenance() {
    return provenance;
  }

  /** The {@code Any}, decoded again; for views, not for sending. */
  public Any packed() {
    try {
      return Any.parseFrom(any);
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException("bytes encoded here do not decode", e);
    }
  }

  /** The message, decoded again; for views, not for sending. */
  public Message message() {
    try {
      return type.prototype().getParserForType().parseFrom(packed().getValue());
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException("bytes encoded here do not decode", e);
    }
  }

  private static Optional<String> assignmentOf(Message message) {
    if (message instanceof Cluster cluster && cluster.getType() == Cluster.DiscoveryType.EDS) {
      String service = cluster.getEdsClusterConfig().getServiceName();
      return Optional.of(service.isEmpty() ? cluster.getName() : service);
    }
    return Optional.empty();
  }

  private static ByteString deterministicBytes(Message message) {
    byte[] bytes = new byte[message.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    try {
      message.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException("an array of the serialized size was too small", e);
    }
    out.checkNoSpaceLeft();
    return ByteString.copyFrom(bytes);
  }

  private static String version(ByteString value, Optional<Duration> ttl) {
    var digest = ContentHash.sha256();
    digest.update(value.asReadOnlyByteBuffer());
    ttl.ifPresent(time -> digest.update(("ttl " + time).getBytes(StandardCharsets.UTF_8)));
    return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(), VERSION_BYTES));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Resource that
            && type == that.type
            && name.equals(that.name)
            && version.equals(that.version));
  }

  @Override
  public int hashCode() {
    return Objects.hash(type, name, version);
  }

  /** {@code CDS name@version}. */
  @Override
  public String toString() {
    return type.shortName() + " " + name + "@" + version;
  }
}
