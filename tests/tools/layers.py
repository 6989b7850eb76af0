"""Who may include whom: reads the table of ARCHITECTURE.md and holds the includes of src/ against it.

python tests/tools/layers.py [ROOT]     prints each violation, exits 1 where there is one
"""

import dataclasses
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Headers of client libraries, which must stay inside the .cpp files of the code that wraps them.
CLIENT_HEADERS = re.compile(
    r"^(rocksdb|boost|simdjson|yaml-cpp|nlohmann|CLI|prometheus|openssl|librdkafka|arrow|parquet|curl)(/|\.h$)|^(zlib|zstd|xxhash|bytebasket_cql)\.h$"
)
# Folders of the build tree: the facts of schema/, and the dashboard.
GENERATED = ("schema", "web")
# The interfaces whose engines stand in folders below them.
JOINTS = ("streams", "storage")
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
TABLE_ROW = re.compile(r"^\|\s*`src/(\w+)`\s*\|[^|]*\|\s*([^|]+?)\s*\|\s*$", re.MULTILINE)


@dataclasses.dataclass
class SourceFile:
    path: pathlib.PurePosixPath  # below src/
    own: list[str]  # included with quotes, below src/
    system: list[str]

    @property
    def folder(self) -> str:
        return self.path.parts[0]

    @property
    def is_test(self) -> bool:
        return self.path.name.endswith(("_test.cpp", "_fixture.hpp"))


def allowed_folders(architecture: str) -> dict[str, set[str]]:
    """The table as folder → folders that it may include besides itself."""
    rows = TABLE_ROW.findall(architecture)
    if not rows:
        raise ValueError("ARCHITECTURE.md has no table of the folders under src/ and what they may include")
    folders = {folder for folder, _ in rows}
    table = {}
    for folder, text in rows:
        if text == "nothing of ours":
            table[folder] = set()
        elif text == "all":
            table[folder] = folders - {folder}
        else:
            table[folder] = {name.strip() for name in text.split(",")}
        unknown = table[folder] - folders
        if unknown:
            raise ValueError(f"ARCHITECTURE.md lets src/{folder} include {sorted(unknown)}, which the table does not have")
    return table


def read_sources(source_root: pathlib.Path) -> list[SourceFile]:
    files = []
    for path in sorted(source_root.rglob("*")):
        if path.suffix not in (".cpp", ".hpp"):
            continue
        includes = INCLUDE.findall(path.read_text(encoding="utf-8"))
        files.append(
            SourceFile(
                pathlib.PurePosixPath(path.relative_to(source_root).as_posix()),
                [own for own, _ in includes if own],
                [system for _, system in includes if system],
            )
        )
    return files


def layer_violations(files: list[SourceFile], table: dict[str, set[str]]) -> list[str]:
    """Includes that the table does not allow. Generated code is open to all, tests/support to tests."""
    found = []
    for file in files:
        if file.folder not in table:
            found.append(f"src/{file.path}: the table of ARCHITECTURE.md has no folder src/{file.folder}")
            continue
        for target in file.own:
            folder = target.split("/")[0]
            if folder in (*GENERATED, file.folder) or (folder == "support" and file.is_test):
                continue
            if folder not in table[file.folder]:
                found.append(f'src/{file.path}: may not include "{target}" (src/{file.folder} may include {sorted(table[file.folder])})')
    return found


def engine_violations(files: list[SourceFile]) -> list[str]:
    """A folder below a joint is an engine: only itself, src/app and tests choose it."""
    engines = {file.path.parent.as_posix() for file in files if file.folder in JOINTS and len(file.path.parts) > 2}
    return [
        f'src/{file.path}: "{target}" is an engine; only src/app chooses engines'
        for file in files
        for target in file.own
        if (engine := pathlib.PurePosixPath(target).parent.as_posix()) in engines
        and file.path.parent.as_posix() != engine
        and file.folder != "app"
        and not file.is_test
    ]


def client_header_violations(files: list[SourceFile]) -> list[str]:
    return [
        f"src/{file.path}: <{header}> belongs to a client library, whose headers stay in .cpp files"
        for file in files
        if file.path.suffix == ".hpp" and not file.is_test
        for header in file.system + file.own
        if CLIENT_HEADERS.match(header)
    ]


def include_cycles(graph: dict[str, set[str]]) -> list[str]:
    """Each cycle once, written as a → b → a."""
    cycles, done, path = [], set(), []

    def visit(node: str) -> None:
        if node in path:
            cycles.append(" → ".join([*path[path.index(node) :], node]))
            return
        if node in done or node not in graph:
            return
        path.append(node)
        for target in sorted(graph[node]):
            visit(target)
        path.pop()
        done.add(node)

    for node in sorted(graph):
        visit(node)
    return cycles


def folder_graph(files: list[SourceFile]) -> dict[str, set[str]]:
    """Each folder, sub-folders apart, and those that its code includes; what tests include does not count."""
    graph: dict[str, set[str]] = {}
    for file in files:
        if file.is_test:
            continue
        folder = file.path.parent.as_posix()
        others = {pathlib.PurePosixPath(target).parent.as_posix() for target in file.own}
        graph.setdefault(folder, set()).update(others - {folder})
    return graph


def violations(root: pathlib.Path) -> list[str]:
    table = allowed_folders((root / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    files = read_sources(root / "src")
    by_file = {str(file.path): set(file.own) for file in files}
    return [
        *layer_violations(files, table),
        *engine_violations(files),
        *client_header_violations(files),
        *(f"folders include each other by the table: {cycle}" for cycle in include_cycles(table)),
        *(f"folders include each other: {cycle}" for cycle in include_cycles(folder_graph(files))),
        *(f"files include each other: {cycle}" for cycle in include_cycles(by_file)),
    ]


def main() -> int:
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT
    found = violations(root)
    print("\n".join(found) or "every include keeps to ARCHITECTURE.md")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
