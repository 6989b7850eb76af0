"""The layer rule of ARCHITECTURE.md, and proof that the check sees what breaks it."""

import pathlib

import pytest

from layers import ROOT, allowed_folders, violations

TABLE = """
| folder | what it is | may include |
|---|---|---|
| `src/base` | errors | nothing of ours |
| `src/streams` | the log | base |
| `src/producers` | the collector | base, streams |
| `src/app` | wiring | all |
"""


@pytest.fixture
def tree(tmp_path: pathlib.Path):
    """A source tree that keeps to its table; write(path, text) adds a file."""
    (tmp_path / "ARCHITECTURE.md").write_text(TABLE)

    def write(path: str, text: str) -> pathlib.Path:
        file = tmp_path / "src" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return tmp_path

    write("base/result.hpp", "#include <string>\n")
    write("streams/event_log.hpp", '#include "base/result.hpp"\n')
    write("streams/embedded/log.hpp", '#include "streams/event_log.hpp"\n')
    write("streams/embedded/log.cpp", '#include "streams/embedded/log.hpp"\n#include <rocksdb/db.h>\n')
    write("producers/collector_test.cpp", '#include "streams/embedded/log.hpp"\n')
    write("app/main.cpp", '#include "streams/embedded/log.hpp"\n#include "producers/x.hpp"\n')
    return write


def test_the_source_tree_keeps_to_the_architecture():
    assert violations(ROOT) == []


def test_a_tree_that_keeps_the_rules_passes(tree):
    assert violations(tree("base/time.hpp", "")) == []


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        ("base/log.hpp", '#include "streams/event_log.hpp"', 'may not include "streams/event_log.hpp"'),
        ("streams/joint.cpp", '#include "producers/collector.hpp"', 'may not include "producers/collector.hpp"'),
        ("producers/collector.cpp", '#include "streams/embedded/log.hpp"', "only src/app chooses engines"),
        ("streams/embedded/log.hpp", "#include <rocksdb/db.h>", "whose headers stay in .cpp files"),
        ("extra/thing.cpp", "", "has no folder src/extra"),
        ("base/result.hpp", '#include "base/again.hpp"', ""),
    ],
)
def test_a_planted_violation_is_found(tree, path, text, message):
    tree("base/again.hpp", '#include "base/result.hpp"\n')
    found = violations(tree(path, text + "\n"))
    assert found
    assert message in found[0]


def test_what_tests_share_may_include_what_tests_may(tree):
    shared = '#include <rocksdb/db.h>\n#include "streams/embedded/log.hpp"\n'
    assert violations(tree("producers/collector_fixture.hpp", shared)) == []


def test_files_that_include_each_other_are_named_in_order(tree):
    tree("base/a.hpp", '#include "base/b.hpp"\n')
    found = violations(tree("base/b.hpp", '  #  include "base/a.hpp"\n'))
    assert found == ["files include each other: base/a.hpp → base/b.hpp → base/a.hpp"]


def test_folders_within_a_layer_that_include_each_other_are_named(tree):
    tree("app/engines/lake.hpp", '#include "app/service/service.hpp"\n')
    tree("app/engines/lake_test.cpp", '#include "app/commands/command.hpp"\n')
    tree("app/commands/command.hpp", '#include "app/engines/lake.hpp"\n')
    found = violations(tree("app/service/retention.hpp", '#include "app/engines/engines.hpp"\n'))
    assert found == ["folders include each other: app/engines → app/service → app/engines"]


def test_a_table_that_names_an_unknown_folder_is_an_error():
    with pytest.raises(ValueError, match="helpers"):
        allowed_folders("| `src/base` | errors | helpers |\n")
