"""HyperLogLog as src/metrics/hyperloglog.hpp documents it: 4096 registers over XXH3-64, Ertl's estimate.

(Otmar Ertl, "New cardinality estimation algorithms for HyperLogLog sketches", 2017, algorithm 6.)
"""

import math
from collections.abc import Iterable

import xxhash

PRECISION = 12
REGISTERS = 1 << PRECISION
RANKS = 64 - PRECISION  # a rank of RANKS + 1 means that all bits below the index were zero


def registers_of(values: Iterable[str]) -> list[int]:
    registers = [0] * REGISTERS
    for value in values:
        bits = xxhash.xxh3_64_intdigest(value.encode())
        index = bits >> RANKS
        rest = bits & ((1 << RANKS) - 1)
        registers[index] = max(registers[index], RANKS - rest.bit_length() + 1)
    return registers


def sigma(x: float) -> float:
    if x == 1.0:
        return math.inf
    y, z = 1.0, x
    while True:
        x *= x
        before = z
        z += x * y
        y += y
        if z == before:
            return z


def tau(x: float) -> float:
    if x in (0.0, 1.0):
        return 0.0
    y, z = 1.0, 1.0 - x
    while True:
        x = math.sqrt(x)
        before = z
        y *= 0.5
        z -= (1.0 - x) * (1.0 - x) * y
        if z == before:
            return z / 3.0


def estimate(values: Iterable[str]) -> int:
    registers = registers_of(values)
    counts = [0] * (RANKS + 2)
    for rank in registers:
        counts[rank] += 1
    m = float(REGISTERS)
    z = m * tau(1.0 - counts[RANKS + 1] / m)
    for rank in range(RANKS, 0, -1):
        z = 0.5 * (z + counts[rank])
    z += m * sigma(counts[0] / m)
    if math.isinf(z):
        return 0
    alpha = 1.0 / (2.0 * math.log(2.0))
    return math.floor(alpha * m * m / z + 0.5)
