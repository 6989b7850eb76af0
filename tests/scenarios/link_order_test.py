"""Which library's symbols the program runs on, where two export the same ones."""

import subprocess

from faults.server import binary


def needed_libraries() -> list[str]:
    """Sonames in the order in which the loader searches them."""
    listed = subprocess.run(["readelf", "--dynamic", "--wide", binary()], capture_output=True, text=True, check=True).stdout
    return [line.split("[")[1].rstrip("]") for line in listed.splitlines() if "(NEEDED)" in line]


def test_libraries_that_bring_others_inside_come_behind_those():
    """The wheel's libparquet exports an OpenSSL and a simdjson of its own: found first, it would serve TLS and JSON of all."""
    needed = needed_libraries()
    assert "libsimdjson.so.14" in needed
    arrow = [place for place, name in enumerate(needed) if name.startswith(("libparquet", "libarrow"))]
    assert arrow
    others = [
        name
        for name in needed[arrow[0] :]
        if not name.startswith(("libparquet", "libarrow", "libstdc++", "libm.", "libgcc", "libc.", "ld-"))
    ]
    assert not others, f"{others} come behind {needed[arrow[0]]}"


def test_memory_comes_from_jemalloc():
    """Whoever stands first serves malloc and operator new, of the C and C++ libraries' callers too."""
    needed = needed_libraries()
    assert needed.index("libjemalloc.so.2") < min(needed.index(name) for name in ("librocksdb.so.7.8", "libstdc++.so.6", "libc.so.6"))
