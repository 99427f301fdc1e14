package dev.sluice.server.admin;

import dev.sluice.spec.IpLiteral;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.util.Locale;
import java.util.Optional;

/**
 * Keeps web pages from writing by the browser of somebody who has a server on loopback: neither a
 * page of another site, nor one whose name its owner has lead here (DNS rebinding).
 */
final class OwnPages {
  private static final String JSON = "application/json";

  private OwnPages() {}

  /**
   * Lets commands pass, and whoever has a token, which no browser sends by itself.
   *
   * @throws ForbiddenResponse when a page of elsewhere may be behind the request
   */
  static void check(Context context) {
    if (Caller.of(context).name().isPresent()) {
      return;
    }
    String host = Optional.ofNullable(context.header("Host")).orElse("");
    if (!isNoName(host)) {
      throw new ForbiddenResponse(
          ("nothing is written for who asks by the name \"%s\", as a web page could have a browser do;"
                  + " ask by localhost or an address")
              .formatted(host));
    }
    String origin = context.header("Origin");
    String site = context.header("Sec-Fetch-Site");
    boolean elsewhere =
        (origin != null && !origin.equals("http://" + host) && !origin.equals("https://" + host))
            || (site != null && !site.equals("same-origin") && !site.equals("none"));
    if (elsewhere) {
      throw new ForbiddenResponse("nothing is written for a web page of another site");
    }
  }

  /**
   * Holds that a body is JSON and says so, which no form of a page can.
   *
   * @throws HttpResponseException when it does not
   */
  static void checkJson(Context context) {
    String type = Optional.ofNullable(context.contentType()).orElse("");
    if (!type.toLowerCase(Locale.ROOT).split(";", 2)[0].strip().equals(JSON)) {
      throw new HttpResponseException(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE.getCode(),
          "the body has to be JSON; send it with Content-Type: " + JSON);
    }
  }

  /** Nobody can have an address, or localhost, lead elsewhere. */
  private static boolean isNoName(String authority) {
    String host = authority.replaceFirst(":\\d{1,5}$", "");
    String bare =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    return host.equalsIgnoreCase("localhost") || IpLiteral.isIpLiteral(bare);
  }
}
