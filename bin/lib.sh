# Shared by the scripts in this folder; sourced, never run.

# Prints the home of a JDK 25, or fails with what to do.
find_jdk() {
  local candidate
  for candidate in "${SLUICE_JAVA_HOME:-}" "${JAVA_HOME:-}" \
      "$(dirname "$(dirname "$(readlink -f "$(command -v java || echo /nowhere/bin/java)")")")" \
      /usr/lib/jvm/* "${HOME:-/nowhere}"/.sdkman/candidates/java/25* "${HOME:-/nowhere}"/.jdks/* \
      /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [[ -x "$candidate/bin/javac" ]] && grep -qs '^JAVA_VERSION="25' "$candidate/release"; then
      echo "$candidate"
      return
    fi
  done
  fail "no JDK 25 found. Install one (Temurin: https://adoptium.net, or: sdk install java 25-tem)" \
    "and put it on PATH, or name it in SLUICE_JAVA_HOME."
}

# Prints the Maven launcher, or fails with what to do.
find_maven() {
  command -v mvn || fail "Maven (mvn) is not on PATH. Install 3.8.1 or newer: https://maven.apache.org/install.html"
}

fail() {
  echo "sluice: $*" >&2
  exit 1
}
