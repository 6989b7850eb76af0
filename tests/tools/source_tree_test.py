"""The rules of the source tree, and proof that the check sees what breaks them."""

import pytest

from source_tree import MOST_LINES, ROOT, violations, violations_of


def test_the_source_tree_keeps_its_rules():
    assert violations(ROOT) == []


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("src/a.cpp", "x\n" * (MOST_LINES + 1), "one idea"),
        ("src/a.cpp", "// TO" + "DO later\n", "unfinished"),
        ("src/string_utils.cpp", "", "name it after what it does"),
        ("docs/a.md", "see registry.np" + "mjs.org\n", "registry's host"),
        ("docs/a.md", "cd /ro" + "ot/x\n", "one machine"),
        ("web/package-lock.json", '"resolved": "ht' + 'tps://…"', "download addresses"),
    ],
)
def test_a_planted_violation_is_found(name, text, message):
    found = violations_of(name, text, is_source=name.endswith(".cpp"))
    assert found
    assert message in found[0]


def test_clean_text_passes():
    assert violations_of("src/a.cpp", "int main() {}\n", is_source=True) == []
