package dev.sluice.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;

/** The configuration file of one Consul server. */
final class ConsulConfiguration {
  private ConsulConfiguration() {}

  /**
   * The file's text.
   *
   * @param node its name
   * @param data the folder of its data
   * @param members of its data centre, itself among them
   */
  static String of(
      ConsulOptions settings,
      String node,
      Path data,
      ConsulPorts ports,
      List<ConsulPorts> members) {
    ObjectNode file = new ObjectMapper().createObjectNode();
    file.put("datacenter", settings.datacenter());
    file.put("node_name", node);
    file.put("data_dir", data.toAbsolutePath().toString());
    file.put("server", true);
    file.put("bootstrap_expect", members.size());
    file.put("bind_addr", "127.0.0.1");
    file.put("client_addr", "127.0.0.1");
    file.put("log_level", "warn");
    file.put("disable_update_check", true);
    file.put("leave_on_terminate", false);
    file.putObject("connect").put("enabled", false);
    file.putObject("performance").put("raft_multiplier", 1); // Elects within a second.
    putPorts(file.putObject("ports"), ports);
    file.put("retry_interval", "1s");
    file.put("retry_interval_wan", "1s");
    members.stream()
        .filter(member -> !member.equals(ports))
        .forEach(member -> file.withArray("retry_join").add("127.0.0.1:" + member.serfLan()));
    settings.wanPorts().forEach(port -> file.withArray("retry_join_wan").add("127.0.0.1:" + port));
    settings
        .maxConnectionsPerClient()
        .ifPresent(most -> file.withObject("/limits").put("http_max_conns_per_client", most));
    settings.managementToken().ifPresent(token -> putAcls(file.putObject("acl"), token));
    return with(settings.more(), file).toPrettyString();
  }

  private static ObjectNode with(String more, ObjectNode file) {
    try {
      ObjectMapper merging = new ObjectMapper().setDefaultMergeable(true);
      return merging.readerForUpdating(file).readValue(more);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(more, e);
    }
  }

  private static void putPorts(ObjectNode node, ConsulPorts ports) {
    node.put("http", ports.http());
    node.put("server", ports.server());
    node.put("serf_lan", ports.serfLan());
    node.put("serf_wan", ports.serfWan());
    node.put("dns", -1);
    node.put("grpc", -1);
    node.put("grpc_tls", -1);
  }

  private static void putAcls(ObjectNode acl, String token) {
    acl.put("enabled", true);
    acl.put("default_policy", "deny");
    acl.put("enable_token_persistence", true);
    acl.putObject("tokens").put("initial_management", token).put("agent", token);
  }
}
