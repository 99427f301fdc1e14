package dev.sluice.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The service {@code orders} with its policy: three instances of each of up to four versions, which
 * come, change and go at random.
 */
final class ChangingOrders {
  private final TestMesh mesh;
  private final Random random;
  private final List<List<TestBackend>> versions = new ArrayList<>();
  private int made;

  ChangingOrders(TestMesh mesh, Random random) {
    this.mesh = mesh;
    this.random = random;
    add();
    add();
  }

  void change() {
    switch (random.nextInt(6)) {
      case 0 -> add();
      case 1 -> {
        if (versions.size() > 1) {
          versions.remove(random.nextInt(versions.size()));
        }
      }
      case 2 -> {
        List<TestBackend> instances = versions.get(random.nextInt(versions.size()));
        instances.add(mesh.backend(instances.getFirst().version(), "i" + made++));
      }
      case 3 -> {
        List<TestBackend> instances = versions.get(random.nextInt(versions.size()));
        if (instances.size() > 1) {
          instances.remove(random.nextInt(instances.size()));
        }
      }
      default -> {} // Only the weights.
    }
    save();
  }

  private void add() {
    if (versions.size() < 4) {
      String version = "v" + made++;
      versions.add(
          IntStream.range(0, 3)
              .mapToObj(instance -> mesh.backend(version, version + "-" + instance))
              .collect(Collectors.toCollection(ArrayList::new)));
    }
  }

  /** Instances before the policy or after it: the server has to cope with either. */
  void save() {
    boolean instancesFirst = random.nextBoolean();
    if (instancesFirst) {
      mesh.save("orders.yaml", instances());
    }
    mesh.savePolicy(policy());
    if (!instancesFirst) {
      mesh.save("orders.yaml", instances());
    }
  }

  private String instances() {
    return Documents.orders(versions.stream().flatMap(List::stream).toList());
  }

  private String policy() {
    List<String> names =
        versions.stream().map(instances -> instances.getFirst().version()).toList();
    String weights =
        names.stream()
            .map(name -> name + ": " + (1 + random.nextInt(99)))
            .collect(Collectors.joining(", "));
    return Documents.versions(names.toArray(String[]::new))
        + "split: {weights: {"
        + weights
        + "}}\n";
  }
}
