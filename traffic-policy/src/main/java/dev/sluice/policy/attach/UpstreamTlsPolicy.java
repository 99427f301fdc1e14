package dev.sluice.policy.attach;

import dev.sluice.secret.SecretId;
import dev.sluice.spec.UpstreamTls;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * {@link UpstreamTls}, resolved.
 *
 * @param certificate what callers show; empty for none
 * @param authorities by whom instances' certificates are judged
 * @param sni the server name that callers ask for; empty for none
 * @param sans names of which an instance's certificate must have one; not empty
 */
public record UpstreamTlsPolicy(
    Optional<SecretId> certificate, SecretId authorities, Optional<String> sni, List<String> sans) {
  public UpstreamTlsPolicy {
    Objects.requireNonNull(certificate);
    Objects.requireNonNull(authorities);
    Objects.requireNonNull(sni);
    sans = List.copyOf(sans);
  }

  /**
   * What a policy says.
   *
   * @param namespace the policy's, which its secrets are of
   */
  static UpstreamTlsPolicy of(UpstreamTls tls, String namespace) {
    Optional<String> sni = Optional.ofNullable(tls.sni());
    return new UpstreamTlsPolicy(
        Optional.ofNullable(tls.secret()).map(name -> new SecretId(name, namespace)),
        new SecretId(tls.caSecret(), namespace),
        sni,
        tls.sans().isEmpty() ? sni.stream().toList() : tls.sans());
  }
}
