package dev.sluice.server.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallTest {
  @ParameterizedTest
  @CsvSource({
    "http://orders.shop, orders.shop, /",
    "http://orders.shop?a=b, orders.shop, /?a=b",
    "http://orders.shop:80/api, orders.shop, /api",
    "https://orders.shop:443/api, orders.shop, /api",
    "https://orders.shop:80/api, orders.shop:80, /api",
    "HTTP://Orders.Shop:8080/a?b=c#d, Orders.Shop:8080, /a?b=c",
    "http://[::1]:8080/, [::1]:8080, /"
  })
  void aUrlIsWhatACallerSends(String url, String authority, String path) {
    Call call = Call.parse("GET", url, List.of());

    assertThat(call.authority()).isEqualTo(authority);
    assertThat(call.path()).isEqualTo(path);
  }

  @Test
  void headersHaveNamesInLowerCaseAndHostStandsForTheUrls() {
    Call call = Call.parse("GET", "http://10.0.0.1:8080/", List.of("Host: a.b", "X-A:  b: c "));

    assertThat(call.authority()).isEqualTo("a.b");
    assertThat(call.port()).hasValue(8080);
    assertThat(call.headers()).containsExactly(new Call.Header("x-a", "b: c"));
  }

  @ParameterizedTest
  @CsvSource({
    "GET, orders.shop/api, x: y, is no URL with a host",
    "GET, http:///api, x: y, has no host",
    "GET, ftp://orders.shop/, x: y, is neither http nor https",
    "GET, http://a b/, x: y, is no host",
    "GET, http://a:99999/, x: y, is not within 1..65535",
    "GET, http://a/b c, x: y, holds a space",
    "G T, http://a/, x: y, is no method",
    "GET, http://a/, x, has no colon",
    "GET, http://a/, x y: z, is no header's name"
  })
  void whatIsWrongIsSaid(String method, String url, String header, String message) {
    assertThatThrownBy(() -> Call.parse(method, url, List.of(header)))
        .isInstanceOf(UnusableRequestException.class)
        .hasMessageContaining(message);
  }
}
