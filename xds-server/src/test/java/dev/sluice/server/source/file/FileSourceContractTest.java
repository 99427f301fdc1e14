package dev.sluice.server.source.file;

import dev.sluice.server.source.SourceContract;
import dev.sluice.source.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** The file source passes the contract; its peer is broken by files that do not parse. */
class FileSourceContractTest extends SourceContract {

  @TempDir Path directory;

  @Override
  protected Source newSource() {
    return new FileSource("local", List.of(directory), new LineReader());
  }

  @Override
  protected void putService(String name, String... addresses) throws IOException {
    write("service-" + name, "service " + name + " " + String.join(" ", addresses) + "\n");
  }

  @Override
  protected void removeService(String name) throws IOException {
    Files.delete(directory.resolve("service-" + name + ".yaml"));
  }

  @Override
  protected void putGateway(String name, String host) throws IOException {
    write("gateway-" + name, "gateway " + name + " " + host + "\n");
  }

  @Override
  protected void removeGateway(String name) throws IOException {
    Files.delete(directory.resolve("gateway-" + name + ".yaml"));
  }

  @Override
  protected void breakPeer() throws IOException {
    write("service-orders", "{\n");
  }

  @Override
  protected void restorePeer() throws IOException {
    putService("orders", "10.0.0.1");
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name + ".yaml"), text);
  }
}
