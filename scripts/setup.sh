#!/usr/bin/env bash
# Installs what is missing, and says nothing and takes no time where all is there.
#
#   scripts/setup.sh build   Debian packages for building and running, and the dashboard's npm packages
#   scripts/setup.sh test    the same, and what the tests and linters need (compilers, Chromium, .venv)
#
# A stamp for each lock file remembers what is installed, so that a changed lock file installs anew.
set -euo pipefail
cd "$(dirname "$0")/.."
scope=${1:-test}

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

install_python_packages() {
  local python=/usr/bin/python3 stamp
  [ -x "$python" ] || python=python3
  stamp=$(stamp_of .venv tests/requirements.txt)
  [ ! -e "$stamp" ] || return 0
  say "installing the tests' Python packages in .venv"
  rm -rf .venv
  "$python" -m venv .venv
  .venv/bin/pip install --quiet --disable-pip-version-check -r tests/requirements.txt
  touch "$stamp"
}

install_web_packages() {
  local stamp
  [ -e web/package-lock.json ] || return 0
  stamp=$(stamp_of web/node_modules web/package-lock.json)
  [ ! -e "$stamp" ] || return 0
  say "installing the dashboard's npm packages"
  npm ci --prefix web --no-audit --no-fund --loglevel=error >&2
  touch "$stamp"
}

case $scope in
  build) install_debian_packages scripts/packages.txt ;;
  test)
    install_debian_packages scripts/packages.txt scripts/packages-test.txt
    install_python_packages
    ;;
  *) say "usage: scripts/setup.sh build|test"; exit 64 ;;
esac
install_web_packages
