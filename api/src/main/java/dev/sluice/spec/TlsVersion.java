package dev.sluice.spec;

/** Versions of TLS that may be the oldest one ({@code TlsParameters.TlsProtocol}). */
public enum TlsVersion {
  V1_2("1.2"),
  V1_3("1.3");

  private final String text;

  TlsVersion(String text) {
    this.text = text;
  }

  /** As documents write it. */
  @Override
  public String toString() {
    return text;
  }
}
