package dev.sluice.server.consul;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StatusNamesTest {
  @Test
  void aStatusIsCalledAsItsDocumentIs() {
    StatusNames names = new StatusNames("sluice/policies/", "told/");
    assertThat(names.status("sluice/policies/shop/orders.yaml")).isEqualTo("told/shop/orders.yaml");
    assertThat(names.document("told/shop/orders.yaml"))
        .isEqualTo("sluice/policies/shop/orders.yaml");
    assertThat(names.lock()).isEqualTo("told-lock");
    assertThat(names.replicas()).isEqualTo("told-replicas/");
  }

  @Test
  void whatIsWrittenIsNotToBeReadAsADocumentNorTheOtherWayAbout() {
    assertThat(areApart("sluice/policies/", "sluice/policies-status/")).isTrue();
    assertThat(areApart("policies/", "status/")).isTrue();
    assertThat(areApart("a/", "a/")).isFalse();
    assertThat(areApart("a/", "a/status/")).isFalse();
    assertThat(areApart("a/b/", "a/")).isFalse();
    assertThat(areApart("a-replicas/", "a/")).isFalse();
  }

  private static boolean areApart(String policies, String statuses) {
    return new StatusNames(policies, statuses).areApart();
  }
}
