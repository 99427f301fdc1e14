package dev.sluice.server.source.consul;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Something that Consul is asked about again and again. */
sealed interface Subject {
  /** Where it is below {@code /v1/}. */
  String path();

  /** The names of all services, with their tags. */
  record Names() implements Subject {
    @Override
    public String path() {
      return "catalog/services";
    }
  }

  /** The instances of one service, with their checks. */
  record OfService(String name) implements Subject {
    public OfService {
      Objects.requireNonNull(name);
    }

    @Override
    public String path() {
      return "health/service/" + encoded(name);
    }
  }

  /** All checks that are {@code critical}, or {@code warning}. */
  record ChecksIn(String state) implements Subject {
    public ChecksIn {
      Objects.requireNonNull(state);
    }

    @Override
    public String path() {
      return "health/state/" + state;
    }
  }

  /** The values of all keys that begin with a prefix. */
  record Keys(String prefix) implements Subject {
    public Keys {
      Objects.requireNonNull(prefix);
    }

    @Override
    public String path() {
      return "kv/" + encoded(prefix).replace("%2F", "/") + "?recurse";
    }
  }

  /** Who leads the servers: whether Consul answers, and can be written to. */
  record Leader() implements Subject {
    @Override
    public String path() {
      return "status/leader";
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
