package dev.sluice.server.cli;

import ch.qos.logback.classic.encoder.JsonEncoder;
import java.time.Instant;

/**
 * One JSON object a line: {@code timestamp} (ISO 8601, UTC), {@code level}, {@code threadName},
 * {@code loggerName}, {@code formattedMessage}, {@code throwable}, and where a line has parts that
 * are looked for, {@code kvpList}. Named in logback.xml.
 */
public final class JsonLines extends JsonEncoder {

  /** An encoder of what a reader of the log needs, and no more. */
  public JsonLines() {
    setWithFormattedMessage(true);
    setWithMessage(false);
    setWithArguments(false);
    setWithSequenceNumber(false);
    setWithNanoseconds(false);
    setWithContext(false);
    setWithMarkers(false);
    setWithMDC(false);
    setWithKVPList(true);
  }

  @Override
  protected void appenderMemberWithLongValue(StringBuilder line, String name, long value) {
    if (name.equals("timestamp")) {
      appenderMember(line, name, Instant.ofEpochMilli(value).toString());
    } else {
      super.appenderMemberWithLongValue(line, name, value);
    }
  }
}
