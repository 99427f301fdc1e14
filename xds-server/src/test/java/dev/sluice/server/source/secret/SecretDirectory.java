package dev.sluice.server.source.secret;

import dev.sluice.problem.Problem;
import dev.sluice.secret.SecretId;
import dev.sluice.server.pem.TestPem;
import dev.sluice.server.source.secret.SecretScan.Look;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A directory of secrets of the namespace edge, and certificates to put there. */
abstract class SecretDirectory {
  static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  static final Instant FAR = NOW.plus(Duration.ofDays(90));
  static final SecretId SHOP = new SecretId("shop", "edge");

  static final KeyPair KEY = TestPem.ec();
  static final X509Certificate CERTIFICATE = TestPem.certificate(KEY, FAR);
  static final KeyPair RENEWED_KEY = TestPem.ec();
  static final X509Certificate RENEWED = TestPem.certificate(RENEWED_KEY, FAR);

  @TempDir Path temporary;
  Path root = Path.of("");
  Path shop = Path.of("");

  @BeforeEach
  void makeDirectory() throws IOException {
    root = Files.createDirectory(temporary.resolve("secrets"));
    shop = root.resolve("edge").resolve("shop");
  }

  static void write(Path folder, String file, String text) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(file), text);
  }

  static void writePair(Path folder, X509Certificate certificate, KeyPair key) throws IOException {
    write(folder, "tls.crt", TestPem.pem(certificate));
    write(folder, "tls.key", TestPem.pkcs8(key));
  }

  static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException problem)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Nullable SecretScan scan;

  Look look(Instant now) {
    if (scan == null) {
      scan = new SecretScan(List.of(root));
    }
    return scan.look(now);
  }

  Look look() {
    return look(NOW);
  }

  static List<String> problems(Look look) {
    return look.problems().stream().map(Problem::toString).toList();
  }
}
