package dev.sluice.server.app;

import dev.sluice.policy.attach.MeshDefaults;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.admin.AdminViews;
import dev.sluice.server.admin.ControlPlane;
import dev.sluice.server.catalog.CatalogWriter;
import dev.sluice.server.pipeline.Pipeline;
import dev.sluice.server.settings.HostPort;
import dev.sluice.server.settings.ServerSettings;
import dev.sluice.server.snapshot.SnapshotStore;
import dev.sluice.server.source.file.FileSource;
import dev.sluice.server.xds.XdsServer;
import dev.sluice.server.xds.XdsServerSettings;
import dev.sluice.source.Source;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** A running control plane: the stages of the pipeline, each given the one after it. */
public final class SluiceServer implements ControlPlane {
  private final SnapshotStore store = new SnapshotStore();
  private final Source files;
  private final Pipeline pipeline;
  private final CatalogWriter writer;
  private final XdsServer xds;
  private final HostPort xdsHost;

  private SluiceServer(ServerSettings settings) {
    pipeline = new Pipeline(MeshDefaults.NONE, store, this::onWriterThread, InstantSource.system());
    files = new FileSource("files", settings.files(), DocumentParser.reader());
    writer = new CatalogWriter(Set.of(files.name()), pipeline);
    xdsHost = settings.xds();
    xds = new XdsServer(XdsServerSettings.at(settings.xds().toSocketAddress()), store);
  }

  /**
   * Starts a server.
   *
   * @throws IOException when an address cannot be listened on; the message names it
   */
  public static ControlPlane start(ServerSettings settings) throws IOException {
    SluiceServer server = new SluiceServer(settings);
    try {
      server.xds.start();
    } catch (IOException e) {
      server.close();
      throw new IOException(settings.xds() + ": " + e.getMessage(), e);
    }
    server.store.demand(server.pipeline);
    server.writer.start();
    server.files.start(server.writer);
    return server;
  }

  private void onWriterThread(Runnable task) {
    writer.run(task);
  }

  @Override
  public InetSocketAddress xdsAddress() {
    return new InetSocketAddress(xdsHost.host(), xds.port());
  }

  @Override
  public InetSocketAddress adminAddress() {
    throw new UnsupportedOperationException();
  }

  @Override
  public AdminViews views() {
    return new AdminViews(
        List::of,
        store::current,
        () -> writer.image().catalog(),
        pipeline::index,
        () -> List.copyOf(writer.statuses().values()));
  }

  /** Stops from the source to the proxies, so that nothing half-way is sent. */
  @Override
  public void close() {
    files.close();
    writer.close();
    xds.close();
  }
}
