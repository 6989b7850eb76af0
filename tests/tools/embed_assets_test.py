"""The dashboard's files become part of the program with their paths, types and caching."""

import sys

from source_tree import ROOT

sys.path.insert(0, str(ROOT / "cmake"))
import embed_assets


def embedded(tmp_path, files):
    """{path: row of the C++ table} for a folder with these files."""
    folder = tmp_path / "dist"
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    embed_assets.main(folder, tmp_path / "out")
    source = (tmp_path / "out" / "assets.cpp").read_text()
    rows = [line.strip() for line in source.splitlines() if line.strip().startswith('{"/')]
    return {row.split('"')[1]: row for row in rows}


def test_the_index_is_the_first_page_and_is_asked_for_anew(tmp_path):
    row = embedded(tmp_path, {"index.html": b"<html></html>"})["/"]
    assert "text/html; charset=utf-8" in row
    assert row.endswith("false},")


def test_only_names_with_a_hash_are_kept_for_ever(tmp_path):
    rows = embedded(tmp_path, {"assets/index-DiwrgTda.js": b"1", "assets/logo.svg": b"<svg/>", "favicon.svg": b"<svg/>"})
    assert rows["/assets/index-DiwrgTda.js"].endswith("true},")
    assert rows["/assets/logo.svg"].endswith("false},")
    assert rows["/favicon.svg"].endswith("false},")


def test_what_compresses_well_is_kept_in_both_forms(tmp_path):
    rows = embedded(tmp_path, {"a.js": b"x" * 1000, "b.js": b"x"})
    assert "_gzip" in rows["/a.js"]
    assert "_gzip" not in rows["/b.js"]


def test_files_of_unknown_type_stay_out(tmp_path):
    assert embedded(tmp_path, {"index.html": b"", "index.js.map": b"{}"}).keys() == {"/"}


def test_without_a_folder_there_are_no_files(tmp_path):
    embed_assets.main(tmp_path / "missing", tmp_path / "out")
    assert "return {};" in (tmp_path / "out" / "assets.cpp").read_text()
