package dev.sluice.e2e;

import dev.sluice.server.explain.Call.Header;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;

/**
 * A policy with random routes, and requests that are near to what these match: most fulfil the
 * conditions of one of them, some all but one.
 */
final class RandomRoutes {
  static final List<String> VERSIONS = List.of("v1", "v2", "v3");

  private static final List<String> PATHS =
      List.of(
          "/",
          "/api",
          "/api/",
          "/api/v1",
          "/api/v1/x",
          "/apiary",
          "/API",
          "/a.b",
          "/a;b=1",
          "/a%20b",
          "/shop/items/7",
          "/shop",
          "/v12/items",
          "/~x/-y_z",
          "/x:y@z",
          "/a//b",
          "/(1)",
          "/$x,y");

  /** Paths that a gateway normalizes and a sidecar leaves. */
  private static final List<String> ODD_PATHS =
      List.of(
          "/api/../shop",
          "/api/./v1",
          "/%61pi/v1",
          "/api/%2e%2e/shop",
          "/shop/..",
          "/api/v1/.",
          "/a%2Fb",
          "/a%2fb",
          "/x/%7Ex",
          "/api/...",
          "/api/.hidden",
          "/../api",
          "/a%zzb",
          "/a%20b/../c",
          "/a//../b",
          "/api/v1/..",
          "/a|b",
          "/a^b",
          "/a{b}",
          "/a\"b",
          "/a<b>",
          "/a`b");

  private static final List<Sample> PATH_REGEXES =
      List.of(
          new Sample("/v[0-9]+/items", "/v12/items"),
          new Sample("/shop/(items|carts)/[^/]+", "/shop/items/7"),
          new Sample("/a.*", "/a.b"),
          new Sample("(?i)/api", "/API"),
          new Sample("/.*", "/x:y@z"),
          new Sample("/api(/.*)?", "/api/v1"));

  private static final List<Sample> VALUE_REGEXES =
      List.of(
          new Sample("[0-9]+", "12"),
          new Sample("west-.+", "west-1"),
          new Sample("a|b", "b"),
          new Sample(".*e", "true"));

  private static final List<String> HEADERS =
      List.of("x-a", "x-b", "X-Region", "x-forwarded-proto");
  private static final List<String> QUERIES = List.of("q", "lang", "a.b", "x[1]", "Q");
  private static final List<String> COOKIES = List.of("c", "tester", "c.d");
  private static final List<String> VALUES =
      List.of("1", "12", "true", "west-1", "west", "a", "b", "TRUE", "a b", "http", "https", "é");
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  /** An expression and what it matches. */
  private record Sample(String regex, String text) {}

  /** A part of a request; a header, cookie or parameter of that name is replaced. */
  private record Part(Kind kind, String name, String value) {}

  private enum Kind {
    PATH,
    METHOD,
    HEADER,
    QUERY,
    COOKIE
  }

  private final Random random;
  private final String service;
  private final List<List<Part>> matching = new ArrayList<>();
  private final StringBuilder sections = new StringBuilder();
  private final StringBuilder patches = new StringBuilder();
  private final int routes;

  RandomRoutes(Random random, String service, int number) {
    this.random = random;
    this.service = service;
    sections.append(Documents.versions("v1", "v2", "v3"));
    split();
    sections.append("routes:\n");
    sections.append(
        """
          - name: probe
            match: [{path: {exact: /probe}}]
            respond: {status: 200, body: "%d"}
        """
            .formatted(number));
    routes = 3 + random.nextInt(6);
    for (int i = 0; i < routes; i++) {
      route("r" + i);
    }
    if (random.nextInt(3) == 0) {
      patch("split"); // Else it takes what no other does.
    }
    if (!patches.isEmpty()) {
      sections.append("envoy:\n  routes:\n").append(patches);
    }
  }

  /** The policy's sections. */
  String sections() {
    return sections.toString();
  }

  private void split() {
    switch (random.nextInt(3)) {
      case 0 -> {}
      case 1 -> sections.append("split: {weights: {v1: 50, v2: 30, v3: 20}}\n");
      default -> sections.append("split: {weights: {v1: 90, v2: 0, v3: 10}}\n");
    }
  }

  private void route(String name) {
    sections.append("  - name: ").append(name).append("\n    match:\n");
    boolean prefixes = true;
    int alternatives = 1 + random.nextInt(2);
    for (int i = 0; i < alternatives; i++) {
      List<Part> parts = new ArrayList<>();
      prefixes &= match(parts);
      matching.add(parts);
    }
    action(prefixes);
    if (random.nextInt(4) == 0) {
      patch(name);
    }
  }

  /** Writes one match; gives whether its path has a part that can be swapped. */
  private boolean match(List<Part> parts) {
    List<String> keys = new ArrayList<>();
    boolean swaps = path(keys, parts);
    if (random.nextInt(4) == 0) {
      String method = any(METHODS);
      String other = random.nextBoolean() && !method.equals("PUT") ? ", PUT" : "";
      keys.add("methods: [" + method + other + "]");
      parts.add(new Part(Kind.METHOD, "", method));
    }
    values(keys, parts, "headers", Kind.HEADER, HEADERS, 2);
    values(keys, parts, "query", Kind.QUERY, QUERIES, 3);
    values(keys, parts, "cookies", Kind.COOKIE, COOKIES, 3);
    if (keys.isEmpty()) {
      keys.add("path: {prefix: /api}");
      parts.add(new Part(Kind.PATH, "", "/api/v1"));
    }
    sections.append("      - {").append(String.join(", ", keys)).append("}\n");
    return swaps;
  }

  private boolean path(List<String> keys, List<Part> parts) {
    switch (random.nextInt(5)) {
      case 0 -> {
        String path = any(PATHS);
        keys.add("path: {exact: \"%s\"}".formatted(path));
        parts.add(new Part(Kind.PATH, "", path));
      }
      case 1, 2 -> {
        String path = any(PATHS);
        keys.add("path: {prefix: \"%s\"}".formatted(path));
        parts.add(new Part(Kind.PATH, "", random.nextBoolean() ? path : path + "/more"));
      }
      case 3 -> {
        Sample sample = any(PATH_REGEXES);
        keys.add("path: {regex: '%s'}".formatted(sample.regex()));
        parts.add(new Part(Kind.PATH, "", sample.text()));
        return false;
      }
      default -> {}
    }
    return true;
  }

  private void values(
      List<String> keys, List<Part> parts, String key, Kind kind, List<String> names, int oneIn) {
    if (random.nextInt(oneIn) != 0) {
      return;
    }
    List<String> conditions = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(2); i++) {
      String name = any(names);
      conditions.add("{name: \"" + name + "\", " + condition(parts, kind, name) + "}");
    }
    keys.add(key + ": [" + String.join(", ", conditions) + "]");
  }

  private String condition(List<Part> parts, Kind kind, String name) {
    String value = any(VALUES);
    return switch (random.nextInt(7)) {
      case 0 -> condition("exact", value, parts, new Part(kind, name, value));
      case 1 -> condition("prefix", value, parts, new Part(kind, name, value + "x"));
      case 2 -> condition("suffix", value, parts, new Part(kind, name, "x" + value));
      case 3 -> condition("contains", value, parts, new Part(kind, name, "x" + value + "y"));
      case 4 -> {
        Sample sample = any(VALUE_REGEXES);
        yield condition("regex", sample.regex(), parts, new Part(kind, name, sample.text()));
      }
      case 5 -> {
        parts.add(new Part(kind, name, value));
        yield "present: true";
      }
      default -> "present: false";
    };
  }

  private static String condition(String key, String value, List<Part> parts, Part fulfilling) {
    parts.add(fulfilling);
    return key + ": '" + value + "'";
  }

  private void action(boolean prefixes) {
    switch (random.nextInt(8)) {
      case 0 -> sections.append("    to: {weights: {v1: 40, v2: 60}}\n");
      case 1 -> sections.append("    respond: {status: 418, body: tea}\n");
      case 2 -> sections.append("    redirect: {").append(redirect(prefixes)).append("}\n");
      case 3, 4 -> {
        sections.append("    to: {version: ").append(any(VERSIONS)).append("}\n");
        sections.append("    rewrite: {").append(rewrite(prefixes)).append("}\n");
      }
      default -> sections.append("    to: {version: ").append(any(VERSIONS)).append("}\n");
    }
  }

  private String rewrite(boolean prefixes) {
    List<Supplier<String>> ways =
        List.of(
            () -> "path: /whole",
            () -> "regex: {pattern: '/([a-z]+)', substitution: '/<\\1>'}",
            () -> "regex: {pattern: 'a*', substitution: '-'}",
            () -> "host: other.example.com, path: /host",
            () -> "prefix: " + any(List.of("/", "/new", "/new/")));
    return ways.get(random.nextInt(prefixes ? ways.size() : ways.size() - 1)).get();
  }

  private String redirect(boolean prefixes) {
    List<Supplier<String>> ways =
        List.of(
            () -> "scheme: https",
            () -> "scheme: http, host: other.example.com",
            () -> "port: 8443, code: 307",
            () -> "path: /moved, code: 302",
            () -> "path: \"/moved?x=1\", code: 303",
            () -> "path: /moved, stripQuery: true, code: 308",
            () -> "regex: {pattern: '^/([^/]*)', substitution: '/x-\\1'}, stripQuery: true",
            () -> "prefix: " + any(List.of("/", "/new")));
    return ways.get(random.nextInt(prefixes ? ways.size() : ways.size() - 1)).get();
  }

  /** What Envoy matches by, and no other section says. */
  private void patch(String route) {
    String match =
        any(
            List.of(
                "{case_sensitive: false}",
                "{grpc: {}}",
                "{headers: [{name: x-n, range_match: {start: 1, end: 10}}]}",
                "{headers: [{name: x-a, string_match: {exact: WEST, ignore_case: true}}]}",
                "{headers: [{name: x-a, string_match: {contains: T, ignore_case: true}}]}",
                "{headers: [{name: x-b, string_match: {exact: a}, invert_match: true}]}",
                "{headers: [{name: x-b, string_match: {prefix: a}, invert_match: true,"
                    + " treat_missing_header_as_empty: true}]}",
                "{headers: [{name: x-b, present_match: true, invert_match: true}]}",
                "{headers: [{name: x-b}]}",
                "{query_parameters: [{name: q, string_match: {exact: A, ignore_case: true}}]}",
                "{runtime_fraction: {default_value: {numerator: 0}}}",
                "{runtime_fraction: {default_value: {numerator: 100}}}"));
    patches.append("    - {names: [%s], patch: {match: %s}}\n".formatted(route, match));
  }

  /** How many routes there are, besides that of the split. */
  int size() {
    return routes;
  }

  /**
   * A request, near to one of the routes.
   *
   * @param hosts some of all; mostly one is taken that begins with the service's name
   */
  RandomRequest request(List<String> hosts) {
    List<String> own =
        hosts.stream().filter(host -> host.toLowerCase(Locale.ROOT).startsWith(service)).toList();
    return request(any(random.nextInt(5) == 0 ? hosts : own));
  }

  private RandomRequest request(String host) {
    List<Part> parts = new ArrayList<>(matching.get(random.nextInt(matching.size())));
    if (random.nextInt(3) == 0 && !parts.isEmpty()) {
      parts.remove(random.nextInt(parts.size()));
    }
    String method = "GET";
    String path = random.nextInt(3) == 0 ? any(ODD_PATHS) : any(PATHS);
    List<Header> headers = new ArrayList<>();
    List<String> query = new ArrayList<>();
    List<String> cookies = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      noise(headers, query, cookies);
    }
    for (Part part : parts) {
      switch (part.kind()) {
        case PATH -> path = part.value();
        case METHOD -> method = part.value();
        case HEADER -> header(headers, part.name(), part.value());
        case QUERY ->
            query.add(part.name() + "=" + part.value().replace(" ", "%20").replace("é", "e"));
        case COOKIE -> cookies.add(part.name() + "=" + part.value());
      }
    }
    if (!cookies.isEmpty()) {
      String separator = any(List.of("; ", ";", ";  ", "\n"));
      for (String cookie : String.join(separator, cookies).split("\n", -1)) {
        headers.add(new Header("cookie", cookie));
      }
    }
    if (!query.isEmpty()) {
      path += "?" + String.join("&", query);
    } else if (random.nextInt(10) == 0) {
      path += any(List.of("?", "?&", "?q", "?q&lang=1", "?x=a?b", "?lang=a=b"));
    }
    return new RandomRequest(method, host, path, headers);
  }

  private void noise(List<Header> headers, List<String> query, List<String> cookies) {
    switch (random.nextInt(6)) {
      case 0, 1 -> header(headers, any(HEADERS), any(VALUES));
      case 2 ->
          query.add(any(QUERIES) + "=" + any(VALUES).replace(" ", "+").replace("é", "%C3%A9"));
      case 3 -> cookies.add(any(COOKIES) + "=" + any(VALUES));
      case 4 -> header(headers, "x-n", any(List.of("0", "1", "9", "10", "x", "-1")));
      default ->
          header(
              headers,
              "content-type",
              any(List.of("application/grpc", "application/grpc+proto", "application/json")));
    }
  }

  /** Mostly in place of one of that name, sometimes beside it. */
  private void header(List<Header> headers, String name, String value) {
    Header header = new Header(name, value);
    if (random.nextInt(6) != 0) {
      headers.removeIf(one -> one.name().equals(header.name()));
    }
    headers.add(header);
  }

  /** A request as it is sent. */
  record RandomRequest(String method, String host, String path, List<Header> headers) {}

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  @Override
  public String toString() {
    return "policy of " + service + ":\n" + sections;
  }
}
