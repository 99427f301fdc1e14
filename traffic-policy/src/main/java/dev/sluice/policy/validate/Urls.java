package dev.sluice.policy.validate;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Addresses that are asked over HTTP. */
final class Urls {
  private static final int HIGHEST_PORT = 65_535;

  private Urls() {}

  /**
   * One that is asked as it is.
   *
   * @param example of a right one
   */
  static void check(At at, String url, String example) {
    Optional<URI> uri = uri(url);
    if (uri.isEmpty() || !isHttp(uri.get())) {
      at.error("\"" + url + "\" is no address; write such as " + example);
    } else if (uri.get().getRawUserInfo() != null) {
      // Without repeating it, since it may be a password.
      at.error("has a user or password before \"@\", which would not be sent; remove them");
    }
  }

  /** One that paths are appended to; see {@link #check}. */
  static void base(At at, String url, String example) {
    check(at, url, example);
    uri(url)
        .filter(uri -> uri.getRawQuery() != null || uri.getRawFragment() != null)
        .ifPresent(_ -> at.error("has a query or fragment, and paths go after it; remove those"));
  }

  private static Optional<URI> uri(String url) {
    try {
      return Optional.of(new URI(url));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static boolean isHttp(URI uri) {
    String scheme = uri.getScheme();
    return ("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))
        && uri.getHost() != null
        && uri.getPort() != 0
        && uri.getPort() <= HIGHEST_PORT;
  }
}
