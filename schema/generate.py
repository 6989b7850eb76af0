#!/usr/bin/env python3
"""Writes what follows from the facts in schema/*.toml and schema/openapi*.yaml.

generate.py cpp DIR    the C++ headers and sources of the build
generate.py docs       the reference pages and the default configuration, in the source tree
"""

import pathlib
import sys
import tomllib

import generate_cassandra
import generate_openapi
import generate_settings
import generate_tables
import generate_vocabulary

HERE = pathlib.Path(__file__).resolve().parent


def load(name):
    """The parsed contents of schema/<name>.toml."""
    return tomllib.loads((HERE / f"{name}.toml").read_text())


def load_settings():
    """The settings of both files as one document."""
    document, engines = load("settings"), load("engine_settings")
    return document | {"settings": document["settings"] | engines["settings"]}


def load_openapi():
    """The parsed contents of schema/openapi.yaml, with the schemas that stand in a file of their own."""
    try:
        import yaml
    except ImportError:
        sys.exit(f"schema/generate.py: {sys.executable} has no PyYAML: install python3-yaml (scripts/setup.sh does)")
    document = yaml.safe_load((HERE / "openapi.yaml").read_text())
    document["components"]["schemas"] = yaml.safe_load((HERE / "openapi_schemas.yaml").read_text())
    return document


def write(path, text):
    """Writes `path` only when its contents change, so that builds stay incremental."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
    else:
        path.touch()


def generate_cpp(target):
    for name, (header, source) in {
        "tables": generate_tables.cpp(load("tables")),
        "cassandra": generate_cassandra.cpp(load("tables")),
        "vocabulary": generate_vocabulary.cpp(load("events")),
        "settings": generate_settings.cpp(load_settings()),
        "openapi": generate_openapi.cpp(load_openapi()),
    }.items():
        write(target / f"{name}.hpp", header)
        write(target / f"{name}.cpp", source)


def documents():
    """{path below the source tree: text} of the generated files that are kept there."""
    settings = load_settings()
    return {
        "docs/reference/tables.md": generate_cassandra.reference_page(load("tables")),
        "docs/reference/settings.md": generate_settings.reference_page(settings),
        "config/embedded.yml": generate_settings.default_configuration(settings),
    }


def main(arguments):
    match arguments:
        case ["cpp", target]:
            generate_cpp(pathlib.Path(target))
        case ["docs"]:
            for name, text in documents().items():
                write(HERE.parent / name, text)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
