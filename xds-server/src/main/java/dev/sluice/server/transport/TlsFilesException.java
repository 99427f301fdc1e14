package dev.sluice.server.transport;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** Files that no TLS can be made of; the message says which, why, and what to do. */
public final class TlsFilesException extends IOException {
  private static final long serialVersionUID = 1;

  private final transient List<TlsFiles.Wrong> wrong;

  TlsFilesException(List<TlsFiles.Wrong> wrong) {
    super(wrong.stream().map(TlsFiles.Wrong::message).collect(Collectors.joining("; ")));
    this.wrong = List.copyOf(wrong);
  }

  /** What is wrong, by file. */
  public List<TlsFiles.Wrong> wrong() {
    return wrong;
  }
}
