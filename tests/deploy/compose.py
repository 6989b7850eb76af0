"""deploy/docker-compose.yml as Compose reads it."""

import pathlib
import re

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
FILE = DEPLOY / "docker-compose.yml"
# ${NAME}, ${NAME:-default}, ${NAME:?message}
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


def document() -> dict:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def services() -> dict[str, dict]:
    return document()["services"]


def fill_in(text: str, values: dict[str, str]) -> str:
    """Puts the variables' values (or defaults) in their places. KeyError for one that must be given and is not."""

    def value_of(match: re.Match) -> str:
        name, kind, rest = match.groups()
        if values.get(name):
            return values[name]
        if kind == "?":
            raise KeyError(f"{name}: {rest}")
        return rest or ""

    return VARIABLE.sub(value_of, text)


def variables() -> set[str]:
    return {match[1] for match in VARIABLE.finditer(FILE.read_text(encoding="utf-8"))}


def is_bytebasket(service: dict) -> bool:
    return service["image"].startswith("bytebasket:")
