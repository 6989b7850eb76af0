"""What every Python suite shares: the folders that it imports from, and the program under test."""

import os
import pathlib
import sys

import pytest

TESTS = pathlib.Path(__file__).resolve().parent
for folder in (TESTS, TESTS / "tools", TESTS.parent / "deploy/local"):
    sys.path.insert(0, str(folder))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a program there is nothing to test: said aloud, and an error where one was named."""
    from faults.server import binary

    if binary().exists():
        return
    for item in items:
        if item.path.parent.name not in ("faults", "scenarios"):
            continue
        if "BYTEBASKET_BINARY" in os.environ:
            raise pytest.UsageError(f"BYTEBASKET_BINARY names {binary()}, which does not exist: build it first")
        item.add_marker(pytest.mark.skip(reason=f"there is no {binary()}: build it first"))
