"""Generated files that are kept in the source tree are what schema/ makes of them today."""

import sys

import pytest

from source_tree import ROOT

sys.path.insert(0, str(ROOT / "schema"))
import generate


@pytest.mark.parametrize(("name", "text"), generate.documents().items())
def test_a_generated_file_is_up_to_date(name, text):
    assert (ROOT / name).read_text() == text, "run schema/generate.py docs"
