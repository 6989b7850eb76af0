"""The questions of bench/peers, asked of DuckDB: duckdb_peer.py revenue|canonical|sessions EVENTS ROWS [THREADS].

`properties` is read as text and taken apart only for orders: that is a third faster than declaring its structure.
Of the copies of a message the one that was received first counts.
"""

import sys

import duckdb

TIMES = "originalTimestamp: 'VARCHAR', sentAt: 'VARCHAR', receivedAt: 'VARCHAR'"
HAPPENED = "originalTimestamp::TIMESTAMP + (receivedAt::TIMESTAMP - sentAt::TIMESTAMP)"
PRODUCTS = '{"currency": "VARCHAR", "products": [{"category": "VARCHAR", "price": "DECIMAL(18, 6)", "quantity": "BIGINT"}]}'


def read(events: str, more: str) -> str:
    return f"read_json('{events}', format = 'newline_delimited', columns = {{messageId: 'VARCHAR', event: 'VARCHAR', {more}}})"


def revenue(events: str) -> str:
    """By minute, category and currency, of completed orders."""
    return revenue_of(read(events, f"properties: 'JSON', {TIMES}"), HAPPENED, "receivedAt")


def canonical(events: str) -> str:
    """The same from canonical events, which say when they happened; of the copies of a message the earliest counts."""
    return revenue_of(read(events, "properties: 'JSON', timestamp: 'VARCHAR'"), "timestamp::TIMESTAMP", "timestamp")


def revenue_of(table: str, happened: str, first_by: str) -> str:
    return f"""
        WITH orders AS (
            SELECT {happened} AS happened, from_json(properties, '{PRODUCTS}') AS properties
            FROM {table} WHERE event = 'Order Completed'
            QUALIFY row_number() OVER (PARTITION BY messageId ORDER BY {first_by}) = 1
        ), lines AS (
            SELECT date_trunc('minute', happened) AS happened, properties.currency AS currency, unnest(properties.products) AS line
            FROM orders
        )
        SELECT strftime(happened, '%Y-%m-%dT%H:%M:%SZ') AS time, line.category AS category, currency,
            sum(line.price * line.quantity)::DECIMAL(38, 6) AS revenue
        FROM lines GROUP BY ALL ORDER BY ALL"""


def sessions(events: str) -> str:
    """By the hour they began in. They end after 30 minutes; of transactions only completed orders belong to them."""
    return f"""
        WITH messages AS (
            SELECT arg_min(coalesce(anonymousId, userId), receivedAt) AS visitor, arg_min({HAPPENED}, receivedAt) AS happened
            FROM {read(events, f"anonymousId: 'VARCHAR', userId: 'VARCHAR', {TIMES}")}
            WHERE event IS NULL
                OR event NOT IN ('Order Updated', 'Order Refunded', 'Order Cancelled', 'Payment Attempted', 'Fraud Labelled')
            GROUP BY messageId
        ), paused AS (
            SELECT happened, happened - lag(happened) OVER (PARTITION BY visitor ORDER BY happened) AS pause FROM messages
        )
        SELECT strftime(date_trunc('hour', happened), '%Y-%m-%dT%H:%M:%SZ') AS time, count(*) AS sessions
        FROM paused WHERE pause IS NULL OR pause > INTERVAL 30 MINUTE GROUP BY ALL ORDER BY ALL"""


QUESTIONS = {"revenue": revenue, "canonical": canonical, "sessions": sessions}


def main() -> None:
    question, events, rows = sys.argv[1:4]
    with duckdb.connect() as connection:
        connection.sql(f"SET threads = {int(sys.argv[4]) if len(sys.argv) > 4 else 1}")
        connection.sql(f"COPY ({QUESTIONS[question](events)}) TO '{rows}' (HEADER)")


if __name__ == "__main__":
    main()
