"""What every Python suite shares: its own folder and the oracle's can be imported from."""

import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parent
for folder in (TESTS, TESTS / "tools"):
    sys.path.insert(0, str(folder))
