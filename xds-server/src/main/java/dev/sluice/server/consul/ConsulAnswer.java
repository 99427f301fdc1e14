package dev.sluice.server.consul;

import java.util.Objects;

/**
 * What Consul answered to a read.
 *
 * @param body JSON; empty where there is nothing of that name (404)
 * @param index X-Consul-Index as it came, 0 where none did
 * @param filtered X-Consul-Results-Filtered-By-ACLs: whether something is left out that the token
 *     may not read
 */
@SuppressWarnings("ArrayRecordComponent") // Read once, by who asked.
public record ConsulAnswer(byte[] body, long index, boolean filtered) {
  public ConsulAnswer {
    Objects.requireNonNull(body);
  }
}
