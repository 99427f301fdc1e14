package dev.sluice.server.explain;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Paths in the form that Envoy gives them where {@code HttpConnectionManager.normalize_path} is
 * set: dot segments resolved, what needs no escape unescaped and the other way about, backslashes
 * as slashes. The rules are those of Chromium's {@code url_canon_path.cc}, which Envoy took over.
 */
final class NormalPath {
  /** What stands for itself, escaped or not. */
  private static final String PLAIN = "!$&'()*+,/:;=@[]";

  private static final String UNRESERVED = "-._~";

  private final byte[] path;
  private final StringBuilder normal = new StringBuilder();
  private int at;

  private NormalPath(byte[] path) {
    this.path = path;
  }

  /** The path with its query, which stays as it is; empty where Envoy refuses it. */
  static Optional<String> of(String path) {
    int mark = path.indexOf('?');
    String query = mark < 0 ? "" : path.substring(mark);
    String bare = mark < 0 ? path : path.substring(0, mark);
    return new NormalPath(bare.getBytes(StandardCharsets.UTF_8))
        .normalized()
        .map(done -> done + query);
  }

  private Optional<String> normalized() {
    while (at < path.length) {
      int dot = dot(at);
      if (dot > 0) {
        dots(dot);
      } else if (path[at] == '\\') {
        normal.append('/');
        at++;
      } else if (path[at] == '%') {
        if (!escape()) {
          return Optional.empty();
        }
      } else {
        plain(path[at] & 0xff);
        at++;
      }
    }
    return Optional.of(normal.toString());
  }

  private void plain(int c) {
    if (isUnreserved(c) || PLAIN.indexOf(c) >= 0) {
      normal.append((char) c);
    } else {
      normal.append("%%%02X".formatted(c));
    }
  }

  /** False for the one character that no path may hold. */
  private boolean escape() {
    int high = at + 1 < path.length ? Character.digit(path[at + 1], 16) : -1;
    int low = at + 2 < path.length ? Character.digit(path[at + 2], 16) : -1;
    if (high < 0 || low < 0) {
      normal.append('%');
      at++;
      return true;
    }
    int value = high * 16 + low;
    if (isUnreserved(value)) {
      normal.append((char) value);
    } else {
      normal.append('%').append((char) path[at + 1]).append((char) path[at + 2]);
    }
    at += 3;
    return value != 0;
  }

  private static boolean isUnreserved(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || (c < 0x80 && UNRESERVED.indexOf(c) >= 0);
  }

  /** The length of the dot at {@code i}, escaped or not; 0 where there is none. */
  private int dot(int i) {
    if (i < path.length && path[i] == '.') {
      return 1;
    }
    boolean escaped =
        i + 2 < path.length
            && path[i] == '%'
            && path[i + 1] == '2'
            && (path[i + 2] == 'e' || path[i + 2] == 'E');
    return escaped ? 3 : 0;
  }

  private void dots(int length) {
    boolean segment = !normal.isEmpty() && normal.charAt(normal.length() - 1) == '/';
    int after = at + length;
    int second = dot(after);
    if (segment && endsAt(after)) {
      at = after + slash(after);
    } else if (segment && second > 0 && endsAt(after + second)) {
      up();
      at = after + second + slash(after + second);
    } else {
      normal.append('.');
      at = after;
    }
  }

  private boolean endsAt(int i) {
    return i == path.length || slash(i) > 0;
  }

  private int slash(int i) {
    return i < path.length && (path[i] == '/' || path[i] == '\\') ? 1 : 0;
  }

  private void up() {
    if (normal.length() > 1) {
      normal.setLength(normal.lastIndexOf("/", normal.length() - 2) + 1);
    }
  }
}
