package dev.sluice.policy.validate;

import dev.sluice.spec.IpLiteral;
import dev.sluice.spec.UpstreamTls;
import java.util.List;
import java.util.regex.Pattern;

/** {@code upstreamTLS}: who is called over TLS, and what proves who answers. */
final class UpstreamTlsRules {
  /** RFC 3986, section 3: a scheme, then something without spaces. */
  private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://[!-~]+");

  private UpstreamTlsRules() {}

  static void check(At at, UpstreamTls tls) {
    if (!at.legible()) {
      return;
    }
    if (tls.secret() != null) {
      Names.secret(at.key("secret"), tls.secret());
    }
    Names.secret(at.key("caSecret"), tls.caSecret());
    String sni = tls.sni();
    if (sni != null && IpLiteral.isIpLiteral(sni)) {
      at.key("sni").error("\"" + sni + "\" is an address; a server name is a host name (RFC 6066)");
    } else if (sni != null) {
      Names.exactHost(at.key("sni"), sni);
    }
    sans(at.key("sans"), tls.sans());
    if (sni == null && tls.sans().isEmpty()) {
      at.error(
          "needs sni or sans: the name that an instance's certificate must have;"
              + " without one, any certificate of these authorities would pass for this service");
    }
  }

  private static void sans(At at, List<String> sans) {
    for (int i = 0; i < sans.size(); i++) {
      String san = sans.get(i);
      if (san.contains("://")) {
        if (!URI.matcher(san).matches()) {
          at.index(i).error("\"" + san + "\" is no URI; write such as spiffe://example.org/orders");
        }
      } else if (!IpLiteral.isIpLiteral(san)) {
        Names.exactHost(at.index(i), san);
      }
    }
    Names.unique(at, sans, san -> san, "", "name");
  }
}
