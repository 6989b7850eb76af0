"""A file of events, two of 2019 and one of an hour ago: most of what is made of the former is not kept by the built-in settings."""

import datetime
import json
import pathlib

OLD = "2019-10-01"
HOURS = ("--grain", "1h", "--from", OLD, "--to", "2019-10-02")
# What `import` says of it in the end.
WARNING = """\
warning: events are older than what is made of them is kept, the oldest is of 2019-10-01; they are missing in
  metrics by the minute: 2 of 3 events (retention.metrics_1m is 14d)
  metrics by the hour: 2 of 3 events (retention.metrics_1h is 400d)
  transactions, decisions and alerts: 1 of 2 events of transactions (retention.transactions is 400d)
  carts: 1 of 1 events of visitors (retention.carts is 30d)
"""


def order(number: str, time: str) -> dict:
    properties = {"order_id": number, "revenue": 5, "currency": "EUR"}
    return {"type": "track", "event": "Order Completed", "messageId": number, "userId": "u", "timestamp": time, "properties": properties}


def write_old_events(file: pathlib.Path) -> pathlib.Path:
    recent = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=1)
    added = {"type": "track", "event": "Product Added", "messageId": "added", "anonymousId": "v", "timestamp": f"{OLD}T11:00:00Z"}
    added["properties"] = {"product_id": "p", "price": 5, "quantity": 1}
    events = [added, order("old", f"{OLD}T12:00:00Z"), order("recent", recent.strftime("%Y-%m-%dT%H:%M:%SZ"))]
    file.write_text("".join(json.dumps(event) + "\n" for event in events))
    return file
