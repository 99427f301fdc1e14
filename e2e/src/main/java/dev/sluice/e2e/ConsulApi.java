package dev.sluice.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/**
 * The HTTP API of one real Consul server, as one user sees one data centre.
 *
 * <p>What is wanted has to succeed; {@link #tryGet} and {@link #tryPut} also tell what did not.
 */
public final class ConsulApi {
  /** Longer than any blocking query of a test. */
  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final String address;
  private final Optional<String> token;
  private final Optional<String> datacenter;

  ConsulApi(String address, Optional<String> token, Optional<String> datacenter) {
    this.address = address;
    this.token = token;
    this.datacenter = datacenter;
  }

  /** The same for the user of a token; an empty one is nobody's. */
  public ConsulApi withToken(String secret) {
    return new ConsulApi(address, Optional.of(secret).filter(text -> !text.isEmpty()), datacenter);
  }

  /** The same for another data centre, to which the server forwards. */
  public ConsulApi inDatacenter(String name) {
    return new ConsulApi(address, token, Optional.of(name));
  }

  /** Nodes and instances that no agent looks after. */
  public ConsulCatalog catalog() {
    return new ConsulCatalog(this);
  }

  /** The agent that the server itself is, and its instances. */
  public ConsulAgent agent() {
    return new ConsulAgent(this);
  }

  /** Writes a key. */
  public void putKey(String key, String value) {
    put("/v1/kv/" + key, value);
  }

  /** A key's value, or empty where there is none. */
  public Optional<String> getKey(String key) {
    ConsulReply reply = tryGet("/v1/kv/" + key + "?raw");
    return reply.status() == 404 ? Optional.empty() : Optional.of(succeeded(reply).body());
  }

  /** Removes a key. */
  public void deleteKey(String key) {
    succeeded(send(request("/v1/kv/" + key).DELETE()));
  }

  /**
   * Makes a policy, and a token that has it.
   *
   * @param name of the policy
   * @param rules in HCL, such as {@code service_prefix "" { policy = "read" }}
   */
  public Token createToken(String name, String rules) {
    put("/v1/acl/policy", JSON.createObjectNode().put("Name", name).put("Rules", rules).toString());
    ObjectNode body = JSON.createObjectNode();
    body.withArray("Policies").addObject().put("Name", name);
    JsonNode token = put("/v1/acl/token", body.toString()).json();
    return new Token(token.get("AccessorID").asText(), token.get("SecretID").asText());
  }

  /** Gives a policy, and with it all tokens that have it, other rules. */
  public void setRules(String policy, String rules) {
    String id = get("/v1/acl/policy/name/" + policy).json().get("ID").asText();
    ObjectNode body = JSON.createObjectNode().put("ID", id).put("Name", policy).put("Rules", rules);
    put("/v1/acl/policy/" + id, body.toString());
  }

  /** Removes a token: who has it is nobody any more. */
  public void deleteToken(Token token) {
    succeeded(send(request("/v1/acl/token/" + token.accessor()).DELETE()));
  }

  /** Where the leader's Raft listens, as this server knows it; empty where there is none. */
  public String leader() {
    ConsulReply reply = tryGet("/v1/status/leader");
    return reply.ok() ? reply.json().asText() : "";
  }

  /** The answer at a path, with its query if it has one; fails unless it is a 200. */
  public ConsulReply get(String path) {
    return succeeded(tryGet(path));
  }

  /** The answer at a path after an index: a blocking query, of a minute at most. */
  public ConsulReply getAfter(String path, long index) {
    return get(path + (path.contains("?") ? "&" : "?") + "wait=60s&index=" + index);
  }

  /** The answer at a path, whatever it is. */
  public ConsulReply tryGet(String path) {
    return send(request(path).GET());
  }

  /** Puts a body at a path, whatever comes of it. */
  public ConsulReply tryPut(String path, String body) {
    return send(request(path).PUT(BodyPublishers.ofString(body)));
  }

  /** Puts a body at a path; fails unless the answer is a 200. */
  public ConsulReply put(String path, String body) {
    return succeeded(tryPut(path, body));
  }

  private HttpRequest.Builder request(String path) {
    String joint = path.contains("?") ? "&" : "?";
    String query = datacenter.map(name -> joint + "dc=" + name).orElse("");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + path + query)).timeout(TIMEOUT);
    token.ifPresent(secret -> request.header("X-Consul-Token", secret));
    return request;
  }

  private static ConsulReply succeeded(ConsulReply reply) {
    if (!reply.ok()) {
      throw new AssertionError("Consul answered " + reply);
    }
    return reply;
  }

  private static ConsulReply send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
      long index = response.headers().firstValueAsLong("X-Consul-Index").orElse(0);
      return new ConsulReply(response.statusCode(), response.body(), index);
    } catch (IOException e) {
      return new ConsulReply(0, e.toString(), 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * An ACL token.
   *
   * @param accessor by which it is named
   * @param secret by which its user is known
   */
  public record Token(String accessor, String secret) {}
}
