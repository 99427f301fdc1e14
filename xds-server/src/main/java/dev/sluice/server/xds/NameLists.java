package dev.sluice.server.xds;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Lists of names that requests had lately. Thousands of proxies ask for the same thousand names in
 * the same bytes, and in the state of the world each repeats them with every answer: they are read
 * once, and the lists are then the same object. Any thread may use it.
 */
final class NameLists {
  /** Fewer bytes are read sooner than found. */
  private static final int WORTH_KEEPING = 256;

  private static final int BYTES_KEPT = 8 << 20;
  private static final Duration KEPT_FOR = Duration.ofMinutes(10);

  /** What a short string takes in memory, beside its place in the list. */
  private static final int BYTES_OF_A_STRING = 56;

  private final Cache<Encoded, List<String>> lately =
      Caffeine.newBuilder()
          .executor(Runnable::run) // Waking another thread costs more than tidying up here.
          .maximumWeight(BYTES_KEPT)
          .weigher(
              (Encoded key, List<String> names) -> key.length() + BYTES_OF_A_STRING * names.size())
          .expireAfterAccess(KEPT_FOR)
          .build();

  /**
   * The strings of a repeated field, of which {@code bytes} has nothing else from {@code from} to
   * {@code to}; immutable.
   */
  List<String> read(byte[] bytes, int from, int to) throws IOException {
    if (to - from < WORTH_KEEPING) {
      return strings(bytes, from, to);
    }
    List<String> known = lately.getIfPresent(new Encoded(bytes, from, to));
    if (known != null) {
      return known;
    }
    List<String> names = strings(bytes, from, to);
    lately.put(new Encoded(Arrays.copyOfRange(bytes, from, to), 0, to - from), names);
    return names;
  }

  private static List<String> strings(byte[] bytes, int from, int to) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(bytes, from, to - from);
    List<String> names = new ArrayList<>();
    while (in.readTag() != 0) {
      names.add(in.readStringRequireUtf8());
    }
    return List.copyOf(names);
  }

  /** A part of an array that does not change; where it is does not count. */
  private static final class Encoded {
    private final byte[] bytes;
    private final int from;
    private final int to;
    private final int hash;

    Encoded(byte[] bytes, int from, int to) {
      this.bytes = bytes;
      this.from = from;
      this.to = to;
      CRC32C checksum = new CRC32C(); // The processor has an instruction for it.
      checksum.update(bytes, from, to - from);
      this.hash = (int) checksum.getValue();
    }

    int length() {
      return to - from;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Encoded that
          && hash == that.hash
          && Arrays.equals(bytes, from, to, that.bytes, that.from, that.to);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }
}
