#!/usr/bin/env python3
"""Writes assets.hpp, assets.cpp and assets.S, which make a folder's files part of a program.

embed_assets.py FOLDER DIR
"""

import gzip
import hashlib
import json
import pathlib
import re
import sys

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
# Vite puts a hash of the contents into the names below assets/.
HASHED_NAME = re.compile(r"^/assets/.*-[\w-]{8}\.\w+$")

HEADER = """#pragma once

#include <span>

#include "analytics/api_assets.hpp"

namespace bytebasket::web {

/// The files of the dashboard; none where the program was built without it.
std::span<const analytics::Asset> assets();

}  // namespace bytebasket::web
"""


def path_of(file, folder):
    path = "/" + file.relative_to(folder).as_posix()
    return "/" if path == "/index.html" else path


def compressed(data):
    """`data` in gzip, the same at every build; empty where that saves less than a tenth."""
    packed = gzip.compress(data, 9, mtime=0)
    return packed if len(packed) < 0.9 * len(data) else b""


def symbol(index, packed, target):
    """(assembly, C++ declaration, C++ expression) of one embedded file."""
    if not target:
        return "", "", "{}"
    name = f"bytebasket_asset_{index}{'_gzip' if packed else ''}"
    assembly = f'.global {name}\n.global {name}_end\n{name}:\n.incbin "{target}"\n{name}_end:\n'
    declaration = f"extern const char {name}[];\nextern const char {name}_end[];"
    return assembly, declaration, f"view({name}, {name}_end)"


def main(folder, target):
    target.mkdir(parents=True, exist_ok=True)
    assembly, declarations, rows = ['.section .rodata,"a",@progbits\n'], [], []
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file.suffix in TYPES) if folder.is_dir() else []
    for index, file in enumerate(files):
        data = file.read_bytes()
        packed = compressed(data)
        packed_file = target / f"asset_{index}.gz"
        if packed:
            packed_file.write_bytes(packed)
        plain_parts = symbol(index, False, file.as_posix())
        gzip_parts = symbol(index, True, packed_file.as_posix() if packed else None)
        for parts in (plain_parts, gzip_parts):
            assembly.append(parts[0])
            declarations.append(parts[1])
        path = path_of(file, folder)
        etag = '"' + hashlib.sha256(data).hexdigest()[:16] + '"'
        hashed = "true" if HASHED_NAME.match(path) else "false"
        fields = [json.dumps(path), json.dumps(TYPES[file.suffix]), plain_parts[2], gzip_parts[2], json.dumps(etag), hashed]
        rows.append(f"      {{{', '.join(fields)}}},")
    # Says that the program needs no executable stack.
    assembly.append('.section .note.GNU-stack,"",@progbits\n')
    source = ['#include "web/assets.hpp"\n', "#include <array>\n#include <string_view>\n"]
    if rows:
        source += ['extern "C" {', *[text for text in declarations if text], "}\n"]
    source += ["namespace bytebasket::web {\n"]
    if rows:
        source += [
            "namespace {\nstd::string_view view(const char* begin, const char* end) {\n"
            "  return {begin, static_cast<std::size_t>(end - begin)};\n}\n}  // namespace\n",
        ]
    source += [
        "std::span<const analytics::Asset> assets() {",
        f"  static const std::array<analytics::Asset, {len(rows)}> all = {{{{" if rows else "  return {};",
        *rows,
        *(["  }};", "  return all;"] if rows else []),
        "}\n\n}  // namespace bytebasket::web",
    ]
    (target / "assets.hpp").write_text(HEADER)
    (target / "assets.cpp").write_text("\n".join(source) + "\n")
    (target / "assets.S").write_text("\n".join(assembly))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
