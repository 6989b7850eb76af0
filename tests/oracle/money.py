"""Money is an integer of millionths; more decimals round half to even. Never a float."""

import decimal

# Wide enough that nothing below 64 bits of millionths is rounded before it is meant to be.
EXACT = decimal.Context(prec=60)
MILLION = 1_000_000
LARGEST = 2**63 - 1


def parse_money(value: object) -> int | None:
    """A JSON number (read as int or Decimal) or a decimal in a string; None where it is no amount."""
    if isinstance(value, bool) or not isinstance(value, (int, str, decimal.Decimal)):
        return None
    try:
        number = decimal.Decimal(value)
    except decimal.InvalidOperation:
        return None
    if not number.is_finite():
        return None
    scaled = EXACT.multiply(number, decimal.Decimal(MILLION))
    micros = int(scaled.to_integral_value(rounding=decimal.ROUND_HALF_EVEN))
    return micros if -LARGEST <= micros <= LARGEST else None


def format_money(micros: int) -> str:
    """`"25.100000"`: always six decimals."""
    sign = "-" if micros < 0 else ""
    return f"{sign}{abs(micros) // MILLION}.{abs(micros) % MILLION:06d}"


def divide_half_even(numerator: int, denominator: int) -> int:
    quotient, rest = divmod(numerator, denominator)
    if 2 * rest > denominator or (2 * rest == denominator and quotient % 2 == 1):
        quotient += 1
    return quotient
