package dev.sluice.bench.load;

import dev.sluice.bench.load.Child.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One server under one workload, from its start to its restart. */
final class Measurement {
  private static final double MICRO = 1e3;
  private static final double MILLI = 1e6;
  private static final long IDLE_MILLIS = 2_000;
  private static final long SETTLE_MILLIS = 100;
  private static final int PROXIES_PER_SETTLING_MILLI = 20;

  private final Contender contender;
  private final Workload workload;
  private final Plan plan;
  private final Path certificates;
  private final Consumer<String> progress;
  private final Child proxies;
  private Child server;
  private int change;

  private Measurement(
      Contender contender,
      Workload workload,
      Plan plan,
      Path certificates,
      Consumer<String> progress)
      throws IOException {
    this.contender = contender;
    this.workload = workload;
    this.plan = plan;
    this.certificates = certificates;
    this.progress = progress;
    this.server = startServer();
    List<String> arguments = new ArrayList<>(workload.arguments());
    arguments.add(certificates.toString());
    arguments.add(Integer.toString(plan.window()));
    this.proxies =
        Child.start(
            Machine.pin(plan.proxiesCore()), List.of("-Xmx2g"), ProxiesProcess.class, arguments);
  }

  private Child startServer() throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add(contender.name());
    arguments.addAll(workload.arguments());
    arguments.add(certificates.toString());
    return Child.start(
        Machine.pin(plan.serverCore()), plan.serverJvm(), ServerProcess.class, arguments);
  }

  /** Measures it. */
  static Figures of(
      Contender contender,
      Workload workload,
      Plan plan,
      Path certificates,
      Consumer<String> progress)
      throws IOException, InterruptedException {
    Measurement measurement = new Measurement(contender, workload, plan, certificates, progress);
    try {
      return measurement.run();
    } finally {
      measurement.server.close();
      measurement.proxies.close();
    }
  }

  private Figures run() throws IOException, InterruptedException {
    checkClock(server);
    checkClock(proxies);
    long port = server.ask("start", change).get("port");
    progress.accept("the first connecting, by a cold JVM");
    Storm first = storm(port);
    for (int i = 1; i < plan.warmUpStorms(); i++) {
      disconnect();
      storm(port);
    }
    disconnect();
    Answer before = server.ask("memory");
    progress.accept("connecting");
    startProfile();
    Storm second = storm(port);
    endProfile("-storm");
    Answer connected = server.ask("memory");
    Pushes pushes = pushes();
    Burst burst = burst();
    Answer after = server.ask("memory");
    Answer restart = restart();
    return new Figures(
        contender.toString(),
        workload,
        pushes.cpuMicros,
        pushes.proxiesCpuMicros,
        median(pushes.p50),
        median(pushes.last),
        Collections.max(pushes.last),
        median(pushes.kept),
        Collections.max(pushes.kept),
        perProxy(connected.get("heap") - before.get("heap")),
        perProxy(after.get("heap") - before.get("heap")),
        perProxy(connected.get("resident") - before.get("resident")),
        connected.get("resident"),
        first.cpuMicros,
        second.cpuMicros,
        second.millis,
        burst.responses,
        burst.most,
        burst.millis,
        perProxy(restart.get("bytes")),
        perProxy(restart.get("messages")),
        restart.get("took") / MILLI);
  }

  private void disconnect() throws IOException, InterruptedException {
    proxies.ask("disconnect");
    pause(IDLE_MILLIS);
  }

  private record Storm(double millis, double cpuMicros) {}

  private Storm storm(long port) throws IOException, InterruptedException {
    long before = server.ask("cpu").get("cpu");
    long took = proxies.ask("connect", port).get("took");
    settle();
    long cpu = server.ask("cpu").get("cpu") - before;
    progress.accept("configured after %.0f ms".formatted(took / MILLI));
    return new Storm(took / MILLI, perProxy(cpu) / MICRO);
  }

  private record Pushes(
      double cpuMicros,
      double proxiesCpuMicros,
      List<Double> p50,
      List<Double> last,
      List<Double> kept) {}

  private Pushes pushes() throws IOException, InterruptedException {
    progress.accept("%d warm-up pushes".formatted(plan.warmUp()));
    Pushes result = new Pushes(0, 0, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < plan.warmUp(); i++) {
      push(result);
    }
    result = new Pushes(0, 0, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    Answer idle = server.ask("cpu");
    pause(IDLE_MILLIS);
    Answer before = server.ask("cpu");
    double idleShare =
        (double) (before.get("cpu") - idle.get("cpu")) / (before.get("now") - idle.get("now"));
    progress.accept("%d pushes".formatted(plan.pushes()));
    if (startProfile()) {
      before = server.ask("cpu");
    }
    long proxiesBefore = proxies.ask("cpu").get("cpu");
    for (int i = 0; i < plan.pushes(); i++) {
      push(result);
    }
    Answer after = server.ask("cpu");
    long proxiesCpu = proxies.ask("cpu").get("cpu") - proxiesBefore;
    endProfile("");
    double cpu =
        after.get("cpu") - before.get("cpu") - idleShare * (after.get("now") - before.get("now"));
    return new Pushes(
        perProxy(Math.round(cpu)) / plan.pushes() / MICRO,
        perProxy(proxiesCpu) / plan.pushes() / MICRO,
        result.p50,
        result.last,
        result.kept);
  }

  private boolean startProfile() throws IOException {
    if (plan.profiles().isEmpty()) {
      return false;
    }
    server.ask("profile");
    return true;
  }

  private void endProfile(String suffix) throws IOException {
    if (plan.profiles().isPresent()) {
      String file =
          "%s-%dx%d-%s%s%s.jfr"
              .formatted(
                  contender,
                  workload.proxies(),
                  workload.clusters(),
                  workload.variant().name().toLowerCase(Locale.ROOT),
                  workload.tls() ? "-tls" : "",
                  suffix);
      server.ask("profiled", plan.profiles().get().resolve(file).toAbsolutePath());
    }
  }

  private void push(Pushes into) throws IOException, InterruptedException {
    change++;
    proxies.ask("expect", change);
    Answer published = server.ask("publish", change);
    Answer arrivals = proxies.ask("arrivals", published.get("start"));
    into.kept.add(published.get("took") / MICRO);
    into.p50.add(arrivals.get("p50") / MILLI);
    into.last.add(arrivals.get("last") / MILLI);
    settle();
  }

  private record Burst(double responses, double most, double millis) {}

  private Burst burst() throws IOException, InterruptedException {
    progress.accept("a burst of %d changes".formatted(plan.burst()));
    int first = change + 1;
    change += plan.burst();
    proxies.ask("expect", change);
    Answer published = server.ask("burst", first, plan.burst());
    Answer arrivals = proxies.ask("arrivals", published.get("start"));
    settle();
    Answer responses = proxies.ask("responses");
    return new Burst(
        perProxy(responses.get("sum")),
        (double) responses.get("most"),
        arrivals.get("last") / MILLI);
  }

  private Answer restart() throws IOException, InterruptedException {
    progress.accept("restart");
    proxies.ask("stopping");
    server.kill();
    server.close();
    server = startServer();
    long port = server.ask("start", change).get("port");
    return proxies.ask("reconnect", port);
  }

  /** Waits until acknowledgements have been worked off; they count as the push's. */
  private void settle() throws InterruptedException {
    pause(SETTLE_MILLIS + workload.proxies() / PROXIES_PER_SETTLING_MILLI);
  }

  private static void pause(long millis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(millis);
  }

  private double perProxy(long total) {
    return (double) total / workload.proxies();
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted[(sorted.length - 1) / 2];
  }

  /** Times are compared across the processes, so their clocks have to be one. */
  private static void checkClock(Child child) throws IOException {
    long before = System.nanoTime();
    long there = child.ask("clock").get("now");
    long after = System.nanoTime();
    if (there < before || there > after) {
      throw new IOException("System.nanoTime() is not one clock for all processes here");
    }
  }
}
