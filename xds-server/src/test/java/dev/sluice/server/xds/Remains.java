package dev.sluice.server.xds;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What this process holds after a full collection.
 *
 * @param heap in bytes
 * @param threads how many live
 * @param files descriptors that are open
 * @param instances live objects of the server's classes, by class, and timers that are set
 */
record Remains(long heap, int threads, long files, Map<String, Long> instances) {
  private static final String TIMER =
      "java.util.concurrent.ScheduledThreadPoolExecutor$ScheduledFutureTask";
  private static final Pattern LINE = Pattern.compile("(?m)^ *\\d+: +(\\d+) +\\d+ +(\\S+)");

  static Remains now() {
    // The histogram is of live objects, so it begins with a full collection.
    Map<String, Long> instances = live();
    var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new Remains(
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        ManagementFactory.getThreadMXBean().getThreadCount(),
        system.getOpenFileDescriptorCount(),
        instances);
  }

  private static Map<String, Long> live() {
    Map<String, Long> instances = new TreeMap<>();
    Matcher line = LINE.matcher(histogram());
    while (line.find()) {
      String name = line.group(2);
      if (name.startsWith("dev.sluice.server") || name.equals(TIMER)) {
        instances.put(name, Long.parseLong(line.group(1)));
      }
    }
    return instances;
  }

  private static String histogram() {
    try {
      return (String)
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "gcClassHistogram",
                  new Object[] {new String[0]},
                  new String[] {String[].class.getName()});
    } catch (JMException e) {
      throw new AssertionError(e);
    }
  }
}
