# Prometheus, from its Debian package; sourced by bin/peers, never run.

prometheus_oldest=2.40
prometheus_home="$peers/prometheus"

# Prints the version of the Prometheus binary $1, such as 2.42.0; fails when it does not say.
prometheus_version() {
  local text
  text="$("$1" --version 2>&1)" || return 1
  [[ "$text" =~ version\ ([0-9]+\.[0-9]+\.[0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}

# Prints the folder with prometheus and promtool to use; fails when there is none.
find_prometheus() {
  local candidate version
  if [[ -n "${SLUICE_PROMETHEUS:-}" ]]; then
    [[ -x "$SLUICE_PROMETHEUS/prometheus" && -x "$SLUICE_PROMETHEUS/promtool" ]] \
      || fail "SLUICE_PROMETHEUS names $SLUICE_PROMETHEUS, which has not both prometheus and promtool."
    echo "$SLUICE_PROMETHEUS"
    return
  fi
  version=""
  if candidate="$(command -v prometheus)" && command -v promtool >/dev/null \
      && version="$(prometheus_version "$candidate")" && at_least "$version" "$prometheus_oldest" \
      && [[ "$(dirname "$candidate")" == "$(dirname "$(command -v promtool)")" ]]; then
    dirname "$candidate"
    return
  fi
  version=""
  for candidate in "$prometheus_home"/*/prometheus; do # The newest is the last.
    [[ ! -x "$candidate" ]] || version="$candidate"
  done
  [[ -x "${version:-}" ]] && dirname "$version"
}

# apt with lists and a cache in $work.
own_apt() {
  apt-get -o APT::Sandbox::User="$(id -un)" -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" "$@"
}

install_prometheus() {
  local found version
  [[ -z "${SLUICE_PROMETHEUS:-}" ]] || find_prometheus >/dev/null
  if found="$(find_prometheus)"; then
    echo "Prometheus $(prometheus_version "$found/prometheus") is there: $found"
    return
  fi
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null \
    || fail "there is no apt-get, by which Prometheus comes as a Debian package. Install Prometheus" \
      "$prometheus_oldest or newer (https://prometheus.io/download), and name the folder of prometheus and" \
      "promtool in SLUICE_PROMETHEUS."
  mkdir -p "$peers"
  work="$(mktemp -d "$peers/.partial-prometheus-XXXXXX")"
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  echo "Downloading Prometheus, a Debian package ..."
  # apt checks the package against the signed lists, and needs no root for it. The lists are fetched
  # for this alone: a machine may have none yet, or old ones.
  mkdir -p "$work"/lists/partial "$work"/cache/archives/partial
  (cd "$work" && own_apt -qq update && own_apt -q download prometheus) \
    || fail "fetching Prometheus failed (see apt's words above). Run bin/peers install prometheus again, or" \
      "name the folder of prometheus and promtool in SLUICE_PROMETHEUS."
  dpkg-deb -x "$work"/prometheus_*.deb "$work/root"
  version="$(prometheus_version "$work/root/usr/bin/prometheus")" \
    || fail "the Prometheus that was installed does not run on this machine ($(uname -sm))." \
      "Name another one, $prometheus_oldest or newer, in SLUICE_PROMETHEUS."
  mkdir -p "$prometheus_home/$version"
  mv -f "$work/root/usr/bin/promtool" "$prometheus_home/$version/promtool"
  mv -f "$work/root/usr/bin/prometheus" "$prometheus_home/$version/prometheus" # Last: now it is there.
  echo "Installed Prometheus $version: $prometheus_home/$version"
}
