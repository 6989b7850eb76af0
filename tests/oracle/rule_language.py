"""The language of `when:` in config/fraud.yml, evaluated over a function from names to values.

Values are Fractions, texts, or None where the attempt does not say; a comparison with None is unknown, and unknown is
carried through `and`, `or` and `not` as in SQL. Truth is True, False or None.
"""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

SECONDS = {"ms": Fraction(1, 1000), "s": 1, "m": 60, "h": 3600, "d": 86400}
TOKEN = re.compile(
    r"\s*(?:(?P<number>-?\d+(?:\.\d+)?)(?P<unit>ms|[smhd])?\b|'(?P<text>[^']*)'"
    r"|(?P<operator><=|>=|==|!=|<|>)|(?P<mark>[()\[\],])|(?P<name>[A-Za-z_][\w.]*))"
)

Lookup = Callable[[str], Any]
Truth = bool | None

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


def duration(text: str) -> int:
    """`10m` as seconds."""
    match = re.fullmatch(r"(\d+)(ms|[smhd])", text)
    if not match:
        raise ValueError(f"{text} is no duration")
    return int(match[1]) * SECONDS[match[2]]


def both(a: Truth, b: Truth) -> Truth:
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def negation(a: Truth) -> Truth:
    return None if a is None else not a


def either(a: Truth, b: Truth) -> Truth:
    return negation(both(negation(a), negation(b)))


class Expression:
    """Evaluates while it parses: plain, and slow enough for nobody to care."""

    def __init__(self, text: str, lookup: Lookup):
        self.tokens = self.tokens_of(text)
        self.lookup = lookup
        self.at = 0

    @staticmethod
    def tokens_of(text: str) -> list[tuple[str, Any]]:
        tokens, at = [], 0
        text = text.rstrip()
        while at < len(text):
            match = TOKEN.match(text, at)
            if not match:
                raise ValueError(f"cannot read {text[at:]!r}")
            at = match.end()
            if match["number"]:
                tokens.append(("value", Fraction(match["number"]) * SECONDS.get(match["unit"], 1)))
            elif match["text"] is not None:
                tokens.append(("value", match["text"]))
            elif match["operator"]:
                tokens.append(("operator", match["operator"]))
            elif match["mark"]:
                tokens.append(("mark", match["mark"]))
            else:
                kind = "word" if match["name"] in ("and", "or", "not", "in", "known") else "name"
                tokens.append((kind, match["name"]))
        return tokens

    def peek(self) -> tuple[str, Any]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self, kind: str, value: str | None = None) -> Any:
        found = self.peek()
        if found[0] != kind or (value is not None and found[1] != value):
            raise ValueError(f"{value or kind} expected, not {found[1]!r}")
        self.at += 1
        return found[1]

    def evaluate(self) -> Truth:
        truth = self.disjunction()
        self.take("end")
        return truth

    def disjunction(self) -> Truth:
        truth = self.conjunction()
        while self.peek() == ("word", "or"):
            self.at += 1
            truth = either(truth, self.conjunction())
        return truth

    def conjunction(self) -> Truth:
        truth = self.term()
        while self.peek() == ("word", "and"):
            self.at += 1
            truth = both(truth, self.term())
        return truth

    def term(self) -> Truth:
        if self.peek() == ("word", "not"):
            self.at += 1
            return negation(self.term())
        if self.peek() == ("mark", "("):
            self.at += 1
            truth = self.disjunction()
            self.take("mark", ")")
            return truth
        if self.peek() == ("word", "known"):
            self.at += 1
            self.take("mark", "(")
            known = self.operand() is not None
            self.take("mark", ")")
            return known
        return self.comparison()

    def comparison(self) -> Truth:
        left = self.operand()
        if self.peek() == ("word", "in"):
            self.at += 1
            values = self.listed()
            return None if left is None else left in values
        compare = COMPARE[self.take("operator")]
        right = self.operand()
        return None if left is None or right is None else compare(left, right)

    def listed(self) -> list[Any]:
        self.take("mark", "[")
        values = [self.take("value")]
        while self.peek() == ("mark", ","):
            self.at += 1
            values.append(self.take("value"))
        self.take("mark", "]")
        return values

    def operand(self) -> Any:
        kind, value = self.peek()
        self.at += 1
        if kind == "value":
            return value
        if kind != "name":
            raise ValueError(f"a name or a value expected, not {value!r}")
        return self.lookup(value)


def evaluate(text: str, lookup: Lookup) -> Truth:
    return Expression(text, lookup).evaluate()
