"""Holds live answers against the OpenAPI document that the server itself gives out."""

import datetime
import http.client
import json
import re
from typing import Any

import jsonschema
import pytest

from faults.server import PATIENCE, Answer, Server, request, wait_until

NOW = datetime.datetime.now(datetime.UTC)
DOCUMENTED_METHODS = {"get", "post"}

# What stands for the {parts} of a path.
PATH_PARAMETERS = {"name": "revenue", "visitor": "v1", "id": "o1"}
BODIES = {
    "/api/v1/fraud/score": {"message_id": "a1", "customer": "c1", "order_id": "o2", "amount": 12.5, "currency": "EUR", "card": "fp-1"},
    "/api/v1/fraud/labels": {"transaction_id": "o1", "label": "fraud"},
    "/api/v1/dead-letters/resend": {"all": True},
    "/api/v1/rebuild": {"redecide": False},
}


def moment(minutes_ago: float) -> str:
    return (NOW - datetime.timedelta(minutes=minutes_ago)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def track(event: str, minutes_ago: float, **properties: Any) -> dict[str, Any]:
    return {
        "type": "track",
        "event": event,
        "messageId": f"{event}-{minutes_ago}",
        "anonymousId": "v1",
        "userId": "c1",
        "timestamp": moment(minutes_ago),
        "properties": properties,
    }


LINE = {"product_id": "p1", "category": "Shoes", "brand": "Acme", "price": 20.25, "quantity": 2}
EVENTS = [
    track("Products Searched", 9, query="shoes"),
    track("Product Viewed", 8, **LINE),
    track("Product Added", 7, **LINE),
    track("Checkout Started", 6, currency="EUR", value=40.5, products=[LINE]),
    track("Payment Attempted", 5.5, order_id="o1", value=40.5, currency="EUR", card="fp-1", status="failed"),
    track("Order Completed", 5, order_id="o1", currency="EUR", revenue=40.5, total=48, products=[LINE]),
    track("Order Refunded", 4, order_id="o1", currency="EUR", total=20.25),
    track("Product Added", 3, **LINE, cart_id="k2", currency="EUR"),
    track("Product Added", 120, **LINE, cart_id="k1", currency="EUR"),
    {"type": "nonsense"},
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory):
    running = Server(tmp_path_factory.mktemp("openapi"))
    running.start_and_wait()
    answer = request(running.port, "POST", "/v1/batch", json.dumps({"batch": EVENTS}))
    assert answer.status == 200, answer.body
    wait_until(lambda: counted(running, "refunds") and counted(running, "adds_to_cart"), "the events to be counted")
    yield running
    running.stop()


def counted(server: Server, metric: str) -> bool:
    return bool(server.get(f"/api/v1/metrics/{metric}").json()["rows"])


@pytest.fixture(scope="module")
def document(server: Server) -> dict[str, Any]:
    answer = server.get("/openapi.json")
    assert answer.headers["content-type"].startswith("application/json")
    return json.loads(answer.body)


def resolved(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        found = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


def validate(document: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
    """`schema` may refer to the document's components."""
    root = {"components": document["components"], **schema}
    jsonschema.Draft202012Validator(root).validate(value)


def check(document: dict[str, Any], operation: dict[str, Any], answer: Answer) -> None:
    """The answer's status, type and body are among those that the document declares for the operation."""
    declared = operation["responses"].get(str(answer.status)) or operation["responses"].get("default")
    assert declared, f"status {answer.status} is not declared: {answer.body[:300]!r}"
    content = resolved(document, declared)["content"]
    kind = answer.headers["content-type"].split(";")[0]
    assert kind in content, f"{kind} is none of {list(content)}"
    if kind.endswith("json"):
        validate(document, content[kind]["schema"], json.loads(answer.body))


def target(path: str) -> str:
    return re.sub(r"{(\w+)}", lambda part: PATH_PARAMETERS[part[1]], path)


def test_every_operation_answers_as_it_is_declared(server, document):
    for path, operations in document["paths"].items():
        assert set(operations) <= DOCUMENTED_METHODS
        if path == "/api/v1/live":
            continue
        for method, operation in operations.items():
            body = json.dumps(BODIES[path]) if method == "post" else None
            answer = request(server.port, method.upper(), target(path), body)
            assert answer.status == 200, f"{method} {path}: {answer.status} {answer.body[:300]!r}"
            check(document, operation, answer)


@pytest.mark.parametrize("body", ["", "[]", "{", '{"order_id": 5}', '{"label": 1, "transaction_id": []}', '"\\ud800"', "[" * 10_000])
def test_a_change_that_makes_no_sense_is_refused(server, document, body):
    for path in BODIES:
        answer = request(server.port, "POST", path, body)
        assert answer.status in (200, 400), f"{path}: {answer.status} {answer.body[:200]!r}"
        check(document, document["paths"][path]["post"], answer)


@pytest.mark.parametrize("path", ["/api/v1/sessions/%ff", "/api/v1/transactions/%ff%00", "/api/v1/metrics/%ff", "/api/v1/carts?state=%ff"])
def test_bytes_that_are_no_text_are_answered_in_json(server, path):
    answer = server.get(path)
    assert answer.status in (200, 400, 404), answer.body
    answer.json()


def test_no_answer_of_the_busy_shop_is_empty(server):
    """Else the checks above would have had nothing to look at."""
    assert server.get("/api/v1/sessions/v1").json()["sessions"]
    assert server.get("/api/v1/transactions").json()["transactions"]
    assert server.get("/api/v1/carts", state="open").json()["carts"]
    assert server.get("/api/v1/carts", state="abandoned").json()["carts"]
    assert server.get("/api/v1/dead-letters").json()["letters"]


def test_every_metric_answers_as_declared_in_each_of_its_grains(server, document):
    operation = document["paths"]["/api/v1/metrics/{name}"]["get"]
    for metric in server.get("/api/v1/metrics").json()["metrics"]:
        for parameters in ({"grain": "1h"}, {"grain": "1d"}, {"grain": "1h", "total": "true"}):
            answer = server.get(f"/api/v1/metrics/{metric['name']}", **parameters)
            assert answer.status == 200, answer.body
            check(document, operation, answer)


def test_every_parameter_has_a_value_that_is_taken(server, document):
    """A documented parameter must not be unknown to the server; the enumerated values are all taken."""
    for path, operations in document["paths"].items():
        operation = operations.get("get", {})
        for parameter in operation.get("parameters", []):
            parameter = resolved(document, parameter)
            if parameter["in"] != "query" or "enum" not in parameter["schema"]:
                continue
            for value in parameter["schema"]["enum"]:
                answer = server.get(target(path), **{parameter["name"]: value})
                assert answer.status == 200, f"{path}?{parameter['name']}={value}: {answer.body[:300]!r}"


@pytest.mark.parametrize("parameters", [{"colour": "red"}, {"limit": "0"}, {"limit": "many"}, {"cursor": "nonsense"}, {"from": "soon"}])
def test_what_is_not_allowed_is_a_problem_document_that_names_the_parameter(server, document, parameters):
    (name,) = parameters
    for path, operations in document["paths"].items():
        operation = operations.get("get")
        if not operation or not path.startswith("/api/v1/") or path == "/api/v1/live":
            continue
        answer = server.get(target(path), **parameters)
        assert answer.status == 400, f"{path}?{parameters}: {answer.status}"
        check(document, operation, answer)
        assert name in answer.json()["detail"], answer.body


@pytest.mark.parametrize(("path", "part"), [("/api/v1/metrics/{name}", "name"), ("/api/v1/transactions/{id}", "id")])
def test_what_does_not_exist_is_a_problem_document(server, document, path, part):
    answer = server.get(path.replace("{" + part + "}", "nothing"))
    assert answer.status == 404
    check(document, document["paths"][path]["get"], answer)


def test_a_tick_comes_soon_and_is_as_declared(server, document):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    connection.request("GET", "/api/v1/live")
    response = connection.getresponse()
    assert response.status == 200
    assert response.getheader("content-type").startswith("text/event-stream")
    lines = []
    while not lines or not lines[-1].startswith("data:"):
        lines.append(response.readline().decode().strip())
    assert "event: tick" in lines
    validate(document, {"$ref": "#/components/schemas/Tick"}, json.loads(lines[-1].removeprefix("data:")))
    connection.close()


def test_the_check_sees_a_wrong_answer(document):
    operation = document["paths"]["/api/v1/status"]["get"]
    wrong = Answer(200, b'{"ready": "yes"}', {"content-type": "application/json"})
    with pytest.raises(jsonschema.ValidationError):
        check(document, operation, wrong)
