"""The crates that Cargo.lock pins can be compiled by the Rust that Debian 12 brings, whatever newer one compiles them here."""

import json
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEBIAN_RUST = (1, 85)


def packages() -> list[dict]:
    command = ["cargo", "metadata", "--locked", "--format-version", "1"]
    environment = {**os.environ, "CARGO_TARGET_DIR": str(ROOT / "build/cargo")}
    done = subprocess.run(command, cwd=ROOT / "rust", env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)["packages"]


def needs(package: dict) -> tuple[int, ...]:
    return tuple(int(part) for part in (package.get("rust_version") or "1.0").split(".")[:2])


def test_no_crate_needs_a_newer_rust_than_debians():
    found = packages()
    ours = next(package for package in found if package["name"] == "bytebasket-cql")
    assert needs(ours) == DEBIAN_RUST
    assert len(found) > 1
    assert [f"{package['name']} {package['version']}" for package in found if needs(package) > DEBIAN_RUST] == []
