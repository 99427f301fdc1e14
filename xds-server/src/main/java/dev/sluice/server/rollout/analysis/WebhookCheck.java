package dev.sluice.server.rollout.analysis;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.spec.DocumentKey;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Somebody's word.
 *
 * @param address where a POST goes to
 * @param body of it
 * @param timeout for the answer
 * @param web who asks
 */
record WebhookCheck(URI address, String body, Duration timeout, Web web) implements Check {
  private static final int SHORTEST_SECRET = 3;

  WebhookCheck {
    Objects.requireNonNull(address);
    Objects.requireNonNull(body);
    Objects.requireNonNull(timeout);
    Objects.requireNonNull(web);
  }

  /** Who is asked may repeat how, and a token may be in that. */
  private String withoutSecrets(String words) {
    List<String> secrets = new ArrayList<>();
    for (String query : Arrays.asList(address.getRawQuery(), address.getQuery())) {
      if (query != null) {
        secrets.add(query);
        Stream.of(query.split("&"))
            .map(parameter -> parameter.substring(parameter.indexOf('=') + 1))
            .forEach(secrets::add);
      }
    }
    secrets.add(address.getRawPath());
    secrets.add(address.getPath());
    String shown = words;
    for (String secret : secrets) {
      shown = secret.length() < SHORTEST_SECRET ? shown : shown.replace(secret, "...");
    }
    return shown;
  }

  /** What is posted of a step: its numbers are percentages. */
  static String body(DocumentKey policy, Held held) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("namespace", policy.namespace());
    json.put("policy", policy.name());
    json.put("service", held.service().toString());
    json.put("from", held.from());
    json.put("to", held.to());
    json.put("step", held.step());
    ObjectNode shares = json.putObject("shares");
    held.shares().forEach((version, share) -> shares.put(version, share.value()));
    return json.toString();
  }

  @Override
  public String name() {
    return "webhook";
  }

  @Override
  public String bounds() {
    return "2xx";
  }

  @Override
  public CompletableFuture<Answer> ask() {
    String whom = Web.whom("the webhook", address);
    return web.ask(
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)),
        whom,
        timeout,
        response -> judge(response, whom));
  }

  private Answer judge(HttpResponse<byte[]> response, String whom) {
    String words = withoutSecrets(Web.shown(response.body()));
    String value = response.statusCode() + (words.isEmpty() ? "" : " (" + words + ")");
    return switch (response.statusCode() / 100) {
      case 2 -> new Answer.Good(Integer.toString(response.statusCode()));
      case 4 -> new Answer.Bad(value);
      default -> new Answer.None(whom + " answers " + value);
    };
  }
}
