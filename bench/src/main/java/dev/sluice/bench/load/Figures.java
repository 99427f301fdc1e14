package dev.sluice.bench.load;

/**
 * What one server did with one workload. Times of pushes are from before the writer's call until
 * the proxies' processes had read the response.
 *
 * @param server its name
 * @param workload what it was measured with
 * @param pushCpuMicros processor time per proxy and push, acknowledgement included, idle time's
 *     share taken off
 * @param proxiesCpuMicros what a push costs the simulated proxies, each: while it is less than the
 *     server's, they are not what is measured
 * @param pushP50Millis until half of the proxies had a change; the median of the pushes
 * @param pushLastMillis until all proxies had it; the median of the pushes
 * @param pushLastWorstMillis the same, the worst push
 * @param publishP50Micros how long the writer was kept by a change, the median
 * @param publishMostMicros the longest
 * @param heapBytes heap per connected proxy, after a full collection
 * @param heapAfterPushesBytes the same after all pushes
 * @param residentBytes resident memory per connected proxy
 * @param residentTotalBytes resident memory of the whole server
 * @param firstStormCpuMicros processor time per proxy of the first connecting, by a cold JVM
 * @param stormCpuMicros processor time per proxy from connecting until configured, second time
 * @param stormMillis until all were configured, second time
 * @param burstResponses responses per proxy in a burst of changes, on average
 * @param burstResponsesMost the most that one proxy got
 * @param burstMillis until all proxies had the last change of the burst
 * @param restartBytes bytes of resources per proxy that the restarted server sent again
 * @param restartResponses responses per proxy after the restart
 * @param restartMillis until all proxies had connected and subscribed again
 */
record Figures(
    String server,
    Workload workload,
    double pushCpuMicros,
    double proxiesCpuMicros,
    double pushP50Millis,
    double pushLastMillis,
    double pushLastWorstMillis,
    double publishP50Micros,
    double publishMostMicros,
    double heapBytes,
    double heapAfterPushesBytes,
    double residentBytes,
    double residentTotalBytes,
    double firstStormCpuMicros,
    double stormCpuMicros,
    double stormMillis,
    double burstResponses,
    double burstResponsesMost,
    double burstMillis,
    double restartBytes,
    double restartResponses,
    double restartMillis) {}
