"""Prometheus's own tool accepts its configuration, the alerts and every expression of the dashboards."""

import json
import pathlib
import shutil
import subprocess

import pytest
import yaml
from monitoring import DASHBOARDS, PROMETHEUS, ROOT, alerts, panels_of, questions


def promtool(*arguments: object) -> str:
    ended = subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, f"{ended.stdout}\n{ended.stderr}"
    return ended.stdout


def test_the_configuration_is_valid(tmp_path: pathlib.Path):
    shutil.copytree(PROMETHEUS, tmp_path, dirs_exist_ok=True)
    token = tmp_path / "token"
    token.write_text("x")
    configuration = tmp_path / "prometheus.yml"
    text = configuration.read_text()
    assert "/run/secrets/bytebasket_read_token" in text
    configuration.write_text(text.replace("/run/secrets/bytebasket_read_token", str(token)))
    promtool("check", "config", configuration)


def test_alerts_fire_when_they_should_and_not_otherwise():
    assert "SUCCESS" in promtool("test", "rules", PROMETHEUS / "alerts_test.yml")


def test_every_alert_has_an_example_in_which_it_fires():
    examples = (PROMETHEUS / "alerts_test.yml").read_text()
    assert [rule["alert"] for rule in alerts() if rule["alert"] not in examples] == []


def test_every_alert_says_how_bad_it_is_and_what_to_do():
    for rule in alerts():
        assert rule["labels"]["severity"] in ("critical", "warning"), rule["alert"]
        assert set(rule["annotations"]) == {"summary", "description"}, rule["alert"]


def test_the_guide_says_what_to_do_about_every_alert():
    guide = (ROOT / "docs/guides/production.md").read_text(encoding="utf-8")
    assert [rule["alert"] for rule in alerts() if f"`{rule['alert']}`" not in guide] == []


def test_every_expression_of_the_dashboards_is_valid(tmp_path: pathlib.Path):
    rules = [{"record": f"question:{number}", "expr": question.plain()} for number, question in enumerate(questions())]
    file = tmp_path / "rules.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboards", "rules": rules}]}))
    promtool("check", "rules", file)


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.name)
def test_panels_have_a_title_and_a_place_of_their_own(path: pathlib.Path):
    panels = list(panels_of(json.loads(path.read_text(encoding="utf-8"))))
    assert len({panel["id"] for panel in panels}) == len(panels)
    cells: dict[tuple[int, int], str] = {}
    for panel in panels:
        place = panel["gridPos"]
        assert panel["title"]
        assert place["x"] + place["w"] <= 24
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                assert cells.setdefault((x, y), panel["title"]) == panel["title"]
