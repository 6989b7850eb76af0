"""Times are integers: milliseconds since 1970 in UTC."""

import datetime

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
GRAINS = {"1m": MINUTE, "1h": HOUR, "1d": DAY}

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def parse_time(text: str) -> int:
    """RFC 3339; a fraction of a millisecond is cut off. A bare date is its midnight."""
    moment = datetime.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    return (moment - EPOCH) // datetime.timedelta(milliseconds=1)


def format_time(milliseconds: int) -> str:
    """`2026-11-22T10:00:00Z`, with a fraction only where there is one."""
    moment = EPOCH + datetime.timedelta(milliseconds=milliseconds)
    spec = "seconds" if milliseconds % 1000 == 0 else "milliseconds"
    return moment.isoformat(timespec=spec).replace("+00:00", "Z")


def window_of(grain: str, time: int) -> int:
    return time - time % GRAINS[grain]
