package dev.sluice.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenedTest {
  @Test
  void whatWasOpenedIsClosedTheNewestFirstThoughOneFails() {
    List<String> closed = new ArrayList<>();
    Opened opened = new Opened();
    AutoCloseable first = () -> closed.add("first");
    AutoCloseable stuck =
        () -> {
          throw new IOException("stuck");
        };
    AutoCloseable last = () -> closed.add("last");
    assertThat(opened.add(first)).isSameAs(first);
    opened.add(stuck);
    opened.add(last);
    IOException cause = new IOException("no port");

    opened.close(cause);

    assertThat(closed).containsExactly("last", "first");
    assertThat(cause.getSuppressed()).singleElement().hasToString("java.io.IOException: stuck");
  }
}
