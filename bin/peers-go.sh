# Peers that are built from Go modules; sourced by bin/peers, never run.

kubernetes_version=1.36.3
helm_version=4.3.1
consul_version=1.19.2

# The folder of the Kubernetes binaries, whether they are there or not.
kubernetes_home() {
  echo "${SLUICE_KUBERNETES:-$peers/kubernetes/$kubernetes_version}"
}

find_kubernetes() {
  local home
  home="$(kubernetes_home)"
  [[ -x "$home/etcd" && -x "$home/kube-apiserver" && -x "$home/kube-controller-manager" \
    && -x "$home/kubectl" ]] && echo "$home"
}

install_kubernetes() {
  local found flags
  if found="$(find_kubernetes)"; then
    echo "Kubernetes $kubernetes_version is there: $found"
    return
  fi
  [[ -z "${SLUICE_KUBERNETES:-}" ]] || fail "SLUICE_KUBERNETES names $SLUICE_KUBERNETES, which has not" \
    "all of etcd, kube-apiserver, kube-controller-manager and kubectl."
  # Without these the API server calls itself v0.0.0, and kubectl refuses to talk to it.
  flags="-X k8s.io/component-base/version.gitVersion=v$kubernetes_version"
  flags+=" -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=36"
  echo "Building Kubernetes $kubernetes_version: etcd, kubectl, kube-apiserver, kube-controller-manager" \
    "(about 10 minutes on two cores) ..."
  build_go_tool kubernetes etcd go.etcd.io/etcd/server/v3 "$flags"
  build_go_tool kubernetes kubectl k8s.io/kubernetes/cmd/kubectl "$flags"
  build_go_tool kubernetes kube-apiserver k8s.io/kubernetes/cmd/kube-apiserver "$flags"
  build_go_tool kubernetes kube-controller-manager k8s.io/kubernetes/cmd/kube-controller-manager "$flags"
}

# The folder of Helm's binary, whether it is there or not.
helm_home() {
  echo "${SLUICE_HELM:-$peers/helm/$helm_version}"
}

find_helm() {
  local home
  home="$(helm_home)"
  [[ -x "$home/helm" ]] && echo "$home"
}

install_helm() {
  local found
  if found="$(find_helm)"; then
    echo "Helm $helm_version is there: $found"
    return
  fi
  [[ -z "${SLUICE_HELM:-}" ]] || fail "SLUICE_HELM names $SLUICE_HELM, which has no helm."
  echo "Building Helm $helm_version (some minutes) ..."
  build_go_tool helm helm helm.sh/helm/v4/cmd/helm "-X helm.sh/helm/v4/internal/version.version=v$helm_version"
}

# The folder of Consul's binary, whether it is there or not.
consul_home() {
  echo "${SLUICE_CONSUL:-$peers/consul/$consul_version}"
}

find_consul() {
  local home
  home="$(consul_home)"
  [[ -x "$home/consul" ]] && echo "$home"
}

install_consul() {
  local found
  if found="$(find_consul)"; then
    echo "Consul $consul_version is there: $found"
    return
  fi
  [[ -z "${SLUICE_CONSUL:-}" ]] || fail "SLUICE_CONSUL names $SLUICE_CONSUL, which has no consul."
  echo "Building Consul $consul_version (about 4 minutes on two cores) ..."
  build_go_tool consul consul github.com/hashicorp/consul # It reads its version from its own module.
}

# Builds one binary of the module e2e/peers/$1 as $2 from the package $3, with the linker's flags $4,
# into the peer's folder; what is there is left, so that an interrupted installation goes on.
build_go_tool() {
  local home work
  home="$("$1_home")"
  [[ ! -x "$home/$2" ]] || return 0
  command -v go >/dev/null || fail "go is not on PATH; $2 is built from its Go module." \
    "Install Go 1.21 or newer (https://go.dev/doc/install)."
  mkdir -p "$home"
  work="$home/.partial-$2"
  echo "  $2 ..."
  (cd "$root/e2e/peers/$1" && go build -trimpath -ldflags "-s -w ${4:-}" -o "$work" "$3") \
    || fail "building $2 failed (see Go's words above); run bin/peers install $1 again, it goes on there."
  mv -f "$work" "$home/$2"
}
