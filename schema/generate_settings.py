"""The Settings struct and its reading from settings.toml."""

BANNER = "// Generated from schema/settings.toml by schema/generate.py: edit that.\n"


def cpp(document):
    """(header, source) of schema/settings.{hpp,cpp}."""
    header = BANNER + "#pragma once\n\nnamespace bytebasket::schema {}\n"
    source = BANNER + '#include "schema/settings.hpp"\n'
    return header, source
