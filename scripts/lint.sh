#!/usr/bin/env bash
# Formatters and linters.
#
#   scripts/lint.sh quick     formatting, Python, shell, the dashboard: what takes seconds
#   scripts/lint.sh changed   the same, and clang-tidy over the C++ files that differ from the main branch
#   scripts/lint.sh all       the same, and clang-tidy over all C++ files
#   scripts/lint.sh format    rewrite the files as the formatters want them
set -euo pipefail
cd "$(dirname "$0")/.."
mode=${1:-all}
PATH=$PWD/.venv/bin:$PATH

cpp_files() { git ls-files -- 'src/*.cpp' 'src/*.hpp' 'tests/*.cpp' 'tests/*.hpp' 'bench/*.cpp' 'bench/*.hpp'; }

format() {
  cpp_files | xargs -r clang-format-19 -i
  ruff format --quiet .
  if has_rust; then (cd rust && cargo fmt); fi
}

has_rust() { command -v cargo >/dev/null && cargo fmt --version >/dev/null 2>&1; }

quick() {
  cpp_files | xargs -r clang-format-19 --dry-run -Werror
  ruff check --quiet .
  ruff format --quiet --check .
  git ls-files -- '*.sh' .ci/run | xargs -r shellcheck
  if has_rust; then (cd rust && cargo fmt --check); fi
  if [ -e web/package.json ]; then npm run --silent --if-present --prefix web lint; fi
}

# The .cpp files to look at: all, or those that differ from the main branch and the work tree's own changes.
tidy_files() {
  if [ "$mode" = all ]; then
    git ls-files -- 'src/*.cpp'
  else
    git diff --name-only --diff-filter=d "$(git merge-base HEAD main)" -- 'src/*.cpp'
  fi
}

tidy() {
  local files
  files=$(tidy_files | grep -v '_test\.cpp$' | sed "s|^|$PWD/|" || true)
  [ -n "$files" ] || return 0
  cmake --preset dev -Wno-dev >/dev/null
  cmake --build --preset dev --target bytebasket_schema >/dev/null
  # The build is g++'s; clang does not know all of its warning flags, and blames its library's stable_sort for what is
  # deprecated inside of it.
  xargs <<<"$files" run-clang-tidy-19 -quiet -p build/dev -j "$(nproc)" \
    -extra-arg=-Wno-unknown-warning-option -extra-arg=-Wno-deprecated-declarations
}

clippy() {
  if command -v cargo >/dev/null && cargo clippy --version >/dev/null 2>&1; then
    (cd rust && CARGO_TARGET_DIR=../build/cargo cargo clippy --release --locked --quiet -- -D warnings)
  fi
}

case $mode in
  quick) quick ;;
  changed | all) quick; clippy; tidy ;;
  format) format ;;
  *) printf 'usage: scripts/lint.sh quick|changed|all|format\n' >&2; exit 64 ;;
esac
