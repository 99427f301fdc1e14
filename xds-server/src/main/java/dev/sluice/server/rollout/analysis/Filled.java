package dev.sluice.server.rollout.analysis;

/** A query in which names stand for its placeholders. */
final class Filled {
  private Filled() {}

  static String with(Held held, String query) {
    return query
        .replace("{{service}}", held.service().name())
        .replace("{{namespace}}", held.service().namespace())
        .replace("{{version}}", held.to())
        .replace("{{cluster}}", held.cluster())
        .replace("{{step}}", Integer.toString(held.step()));
  }
}
