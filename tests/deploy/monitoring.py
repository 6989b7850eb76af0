"""What the dashboards and alerts of deploy/ ask Prometheus for."""

import dataclasses
import json
import pathlib
import re
from collections.abc import Iterator

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROMETHEUS = ROOT / "deploy/prometheus"
DASHBOARDS = sorted((ROOT / "deploy/grafana/dashboards").glob("*.json"))
ALERTS = PROMETHEUS / "alerts.yml"

KEYWORDS = {"and", "or", "unless", "on", "by", "without", "ignoring", "bool", "offset", "group_left", "group_right"}
SELECTOR = re.compile(r"\{[^}]*\}")
LABEL_LIST = re.compile(r"\b(?:by|on|without|ignoring)\s*\(([^)]*)\)")
MATCHED_LABEL = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"")
NAME = re.compile(r"(?<![\w.$\[])[a-zA-Z_:][\w:]*(?!\w)(?!\s*\()")
SHOWN_LABEL = re.compile(r"\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}")


@dataclasses.dataclass(frozen=True)
class Question:
    """An expression, where it stands, and the text in which its labels are shown."""

    where: str
    expression: str
    shown: str

    def metrics(self) -> set[str]:
        plain = LABEL_LIST.sub(" ", SELECTOR.sub(" ", self.expression))
        return {name for name in NAME.findall(plain) if name not in KEYWORDS}

    def labels(self) -> set[str]:
        """Every label that it groups or matches by, or that its text names."""
        listed = {name.strip() for names in LABEL_LIST.findall(self.expression) for name in names.split(",")}
        matched = {name for selector in SELECTOR.findall(self.expression) for name in MATCHED_LABEL.findall(selector)}
        return listed | matched | set(SHOWN_LABEL.findall(self.shown))

    def plain(self) -> str:
        """With Grafana's variables filled in."""
        return self.expression.replace("$__rate_interval", "5m").replace("$instance", ".*")


def panels_of(dashboard: dict) -> Iterator[dict]:
    for panel in dashboard["panels"]:
        yield panel
        yield from panel.get("panels", [])


def questions_of_dashboard(path: pathlib.Path) -> list[Question]:
    dashboard = json.loads(path.read_text(encoding="utf-8"))
    return [
        Question(f"{path.name}: {panel['title']}", target["expr"], target.get("legendFormat", ""))
        for panel in panels_of(dashboard)
        for target in panel.get("targets", [])
    ]


def alerts() -> list[dict]:
    document = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))
    return [rule for group in document["groups"] for rule in group["rules"]]


def questions() -> list[Question]:
    asked = [question for path in DASHBOARDS for question in questions_of_dashboard(path)]
    asked += [Question(f"alert {rule['alert']}", rule["expr"], " ".join(rule["annotations"].values())) for rule in alerts()]
    return asked
