"""Rules of the source tree: files hold one idea, nothing is left unfinished, no host or machine is written down.

python tests/tools/source_tree.py [ROOT]     prints the longest files and each violation, exits 1 where there is one
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = {".cpp", ".hpp", ".py", ".sh", ".js", ".jsx", ".mjs", ".ts", ".tsx", ".css", ".toml", ".yml", ".yaml", ".cmake"}
TEXTS = SOURCES | {".md", ".json", ".txt", ".html"}
MOST_LINES = 500
LONG_LINES = 300
GENERATED = re.compile(r"(^|/)(package-lock\.json|seeds/|testdata/)")

# Written so that this file does not match itself.
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
BANNED_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|manager|misc)(_test)?\.(cpp|hpp|py|ts|tsx|js)$")
REGISTRY_HOSTS = re.compile(
    r"(registry\.(npmjs|yarnpkg)|pypi\.(org|python)|files\.pythonhosted|deb\.debian|repo1?\.maven|repo\.maven|crates\.i|proxy\.golang)[.a-z]*"
    r"|--(index-url|extra-index-url|registry)[ =]http"
)
MACHINE_PATHS = re.compile(r"/work/(main|wt|shared|steering)\b|/home/\w+/|/root/")


def tracked_files(root: pathlib.Path) -> list[pathlib.Path]:
    """What git tracks or would track; all files where there is no repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=root, capture_output=True, check=False
    )
    if listed.returncode != 0:
        return sorted(path for path in root.rglob("*") if path.is_file())
    names = {name for name in listed.stdout.decode().split("\0") if name}
    return sorted(root / name for name in names if (root / name).is_file())


def is_text(path: pathlib.Path) -> bool:
    return path.suffix in TEXTS or path.name in ("Makefile", "run", "Dockerfile")


def violations_of(name: str, text: str, is_source: bool) -> list[str]:
    found = []
    if is_source and not GENERATED.search(name):
        lines = text.count("\n")
        if lines > MOST_LINES:
            found.append(f"{name}: {lines} lines; a file holds one idea, in at most {MOST_LINES}")
        if BANNED_NAMES.search(name.rsplit("/", 1)[-1]):
            found.append(f"{name}: name it after what it does")
        found += [f"{name}:{at}: unfinished: {line.strip()}" for at, line in enumerate(text.split("\n"), 1) if UNFINISHED.search(line)]
    for at, line in enumerate(text.split("\n"), 1):
        if REGISTRY_HOSTS.search(line):
            found.append(f"{name}:{at}: names a package registry's host")
        if MACHINE_PATHS.search(line):
            found.append(f"{name}:{at}: names a path of one machine")
    if name.endswith("package-lock.json") and '"resolved": "http' in text:
        found.append(f"{name}: holds download addresses; write it with npm's setting omit-lockfile-registry-resolved")
    return found


def violations(root: pathlib.Path) -> list[str]:
    found = []
    for path in tracked_files(root):
        name = path.relative_to(root).as_posix()
        if name.startswith("tests/tools/source_tree") or not is_text(path):
            continue
        found += violations_of(name, path.read_text(encoding="utf-8", errors="replace"), path.suffix in SOURCES)
    return found


def long_files(root: pathlib.Path) -> list[tuple[int, str]]:
    sizes = [
        (path.read_text(encoding="utf-8", errors="replace").count("\n"), path.relative_to(root).as_posix())
        for path in tracked_files(root)
        if path.suffix in SOURCES
    ]
    return sorted((size for size in sizes if size[0] > LONG_LINES), reverse=True)


def main() -> int:
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT
    for lines, name in long_files(root):
        print(f"{lines:6} lines  {name}")
    found = violations(root)
    print("\n".join(found) or "the source tree keeps its rules")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
