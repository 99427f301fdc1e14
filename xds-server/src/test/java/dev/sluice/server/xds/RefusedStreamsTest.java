package dev.sluice.server.xds;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RefusedStreamsTest {
  private final AtomicLong now = new AtomicLong();
  private final RefusedStreams refused = new RefusedStreams(now::get);

  @Test
  void theSameRefusalIsToldOnceAMinuteWithTheCountBetween() {
    assertThat(refused.note("/10.0.0.1:4001", "web-1", "no")).hasValue(0);
    assertThat(refused.note("/10.0.0.1:4002", "web-1", "no")).isEmpty();
    now.addAndGet(Duration.ofSeconds(59).toNanos());
    assertThat(refused.note("/10.0.0.1:4003", "web-1", "no")).isEmpty();
    now.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(refused.note("/10.0.0.1:4004", "web-1", "no")).hasValue(2);
    assertThat(refused.note("/10.0.0.1:4005", "web-1", "no")).isEmpty();
  }

  @Test
  void anotherHostNodeOrReasonIsToldOfItsOwn() {
    refused.note("/10.0.0.1:4001", "web-1", "no");
    assertThat(refused.note("/10.0.0.2:4001", "web-1", "no")).hasValue(0);
    assertThat(refused.note("/10.0.0.1:4001", "web-2", "no")).hasValue(0);
    assertThat(refused.note("/10.0.0.1:4001", "web-1", "never")).hasValue(0);
    assertThat(refused.note("spiffe://a (/10.0.0.1:4001)", "web-1", "no")).hasValue(0);
    assertThat(refused.note("spiffe://a (/10.0.0.1:4002)", "web-1", "no")).isEmpty();
  }

  @Test
  void whatIsRememberedIsBounded() {
    refused.note("/10.0.0.1:1", "first", "no");
    for (int i = 0; i < 1000; i++) {
      assertThat(refused.note("/10.0.0.1:1", "web-" + i, "no")).hasValue(0);
    }
    assertThat(refused.note("/10.0.0.1:1", "first", "no")).as("forgotten").hasValue(0);
    assertThat(refused.note("/10.0.0.1:1", "web-999", "no")).isEmpty();
  }
}
