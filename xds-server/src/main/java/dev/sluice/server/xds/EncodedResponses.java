package dev.sluice.server.xds;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.server.snapshot.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Responses that were encoded lately. One change goes to thousands of streams in equal responses,
 * so its bytes are put together once. Any thread may use it.
 */
final class EncodedResponses {
  private static final long BYTES_KEPT = 64 << 20;
  private static final Duration KEPT_FOR = Duration.ofSeconds(30);

  private final Cache<Key, EncodedResponse> lately =
      Caffeine.newBuilder()
          .executor(Runnable::run) // Waking another thread costs more than tidying up here.
          .maximumWeight(BYTES_KEPT)
          .weigher((Key key, EncodedResponse encoded) -> encoded.bytes().size())
          .expireAfterAccess(KEPT_FOR)
          .build();

  /** What was asked for last: the streams of a push ask for it one after another. */
  private volatile @Nullable Found newest;

  private record Found(Key key, EncodedResponse encoded) {}

  /** The bytes of {@code response}. */
  EncodedResponse of(Response response) {
    Key key = new Key(response);
    Found found = newest;
    if (found != null && found.key().equals(key)) {
      return found.encoded();
    }
    EncodedResponse encoded = lately.get(key, missing -> EncodedResponse.of(missing.response()));
    newest = new Found(key, encoded);
    return encoded;
  }

  /** Of resources their identity counts: streams of one group are sent the same objects. */
  private record Key(Response response) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key that
          && response.variant() == that.response.variant()
          && response.type() == that.response.type()
          && response.nonce().equals(that.response.nonce())
          && response.version().equals(that.response.version())
          && same(response.resources(), that.response.resources())
          && response.removed().equals(that.response.removed());
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean same(List<Resource> some, List<Resource> others) {
      if (some == others) {
        return true;
      }
      if (some.size() != others.size()) {
        return false;
      }
      for (int i = 0; i < some.size(); i++) {
        if (some.get(i) != others.get(i)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public int hashCode() {
      return Objects.hash(
          response.variant(), response.type(), response.version(), response.nonce());
    }
  }
}
