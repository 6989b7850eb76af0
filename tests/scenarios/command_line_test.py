"""What people and scripts rely on: exit codes, where output goes, messages that say what to do."""

import json
import pathlib

import pytest

from faults.server import Server, request, wait_until
from free_ports import free_port
from scenarios.command import CONFIGURATION, DONE, NO, USAGE, query, run, succeed

EVENT = {
    "type": "track",
    "event": "Product Viewed",
    "messageId": "m1",
    "anonymousId": "ada",
    "timestamp": "2026-03-01T12:00:00Z",
    "properties": {"product_id": "p", "price": 25.10, "currency": "EUR"},
}


@pytest.fixture
def server(tmp_path: pathlib.Path):
    running = Server(tmp_path)
    running.start_and_wait()
    yield running
    running.kill()


def send(server: Server, *events: dict) -> None:
    answer = request(server.port, "POST", "/v1/batch", json.dumps({"batch": events}))
    assert answer.status == 200, answer.body


def url(server: Server) -> str:
    return f"http://127.0.0.1:{server.port}"


def test_version_and_help_go_to_stdout():
    assert "bytebasket" in succeed("--version").lower()
    help_text = succeed("--help")
    for command in ["demo", "run", "generate", "import", "query", "validate", "doctor", "dead-letters"]:
        assert command in help_text


@pytest.mark.parametrize("arguments", [["nonsense"], ["query"], ["query", "events", "--grain", "2m"], ["run", "--no-such-option"]])
def test_wrong_usage_ends_with_64_and_says_so_on_stderr(arguments):
    ended = run(*arguments)
    assert ended.returncode == USAGE, ended
    assert ended.stdout == ""
    assert ended.stderr


def test_an_unknown_metric_is_named_with_the_known_ones(tmp_path):
    ended = run("query", "revenu", "--data", tmp_path / "data")
    assert ended.returncode in (NO, USAGE)
    assert "revenu" in ended.stderr
    assert "revenue" in ended.stderr


def test_bad_configuration_ends_with_78_and_names_every_error_with_its_line(tmp_path):
    config = tmp_path / "shop.yml"
    config.write_text("listen:\n  port: 99999\nprocessing:\n  flush_interval: soon\nnonsense: 1\n")
    for command in (["validate", "--config", config], ["run", "--config", config, "--data", tmp_path / "data"]):
        ended = run(*command)
        assert ended.returncode == CONFIGURATION, ended
        for place, what in [("shop.yml:2", "port"), ("shop.yml:4", "flush_interval"), ("shop.yml:5", "nonsense")]:
            assert place in ended.stderr
            assert what in ended.stderr


def test_validate_names_the_mistakes_of_a_configuration_and_of_the_files_that_it_names_together(tmp_path):
    config = tmp_path / "shop.yml"
    config.write_text("listen: {port: 99999}\nmetrics: {file: no-metrics.yml}\nstreams: {engine: kafka}\nkafka: {file: no-kafka.yml}\n")
    ended = run("validate", "--config", config)
    assert ended.returncode == CONFIGURATION
    for mistake in ["shop.yml:1: listen.port", "no-metrics.yml: cannot be read", "no-kafka.yml: cannot be read"]:
        assert mistake in ended.stderr


def test_an_unknown_command_or_form_is_named_with_what_there_is(tmp_path):
    assert "no command 'nonsense'; bytebasket --help" in run("nonsense").stderr
    ended = run("query", "events", "--data", tmp_path / "data", "--format", "xml")
    assert ended.returncode == USAGE
    assert "'xml' is not allowed: text|json|csv" in ended.stderr


def test_a_good_configuration_is_valid(tmp_path):
    config = tmp_path / "shop.yml"
    config.write_text("listen:\n  port: 8081\n")
    assert run("validate", "--config", config).returncode == DONE


def test_the_environment_rules_over_the_file_and_a_flag_over_both(tmp_path):
    config = tmp_path / "shop.yml"
    config.write_text("listen:\n  port: 8081\n")
    wrong = {"BYTEBASKET_LISTEN__PORT": "99999"}
    ended = run("validate", "--config", config, environment=wrong)
    assert ended.returncode == CONFIGURATION
    assert "BYTEBASKET_LISTEN__PORT" in ended.stderr

    server = Server(tmp_path, {"listen.port": "1"})
    server.start_and_wait()  # with --listen and a free port
    assert server.stop() == DONE


def test_a_second_process_on_a_data_folder_is_told_who_has_it(server):
    ended = run("run", "--data", server.data, "--listen", "127.0.0.1:0")
    assert ended.returncode != DONE
    assert str(server.process.pid) in ended.stderr
    assert "--url" in run("query", "events", "--data", server.data).stderr


def test_query_prints_the_very_body_of_the_http_api(server):
    send(server, EVENT)
    parameters = {"from": "2026-03-01", "to": "2026-03-02", "grain": "1d", "by": "source"}
    # Both are asked once the row is stored: nothing changes between the two.
    wait_until(lambda: server.get("/api/v1/metrics/events", **parameters).json()["rows"], "the event to be counted")
    options = [part for name, value in parameters.items() for part in (f"--{name}", value)]
    body = server.get("/api/v1/metrics/events", **parameters).body.decode()
    printed = succeed("query", "events", "--url", url(server), "--format", "json", *options)
    assert printed.rstrip("\n") == body.rstrip("\n")


def test_sigterm_drains_and_flushes_what_was_acknowledged(server):
    send(server, *({**EVENT, "messageId": f"m{number}"} for number in range(100)))
    assert server.stop() == DONE
    rows = query("events", server.data, "--grain", "1d", "--from", "2026-03-01", "--to", "2026-03-02")
    assert [row["value"] for row in rows] == [100]


def test_a_bad_item_goes_to_the_dead_letters_and_its_neighbours_are_taken_in(server):
    send(server, EVENT, {**EVENT, "messageId": "m2", "properties": {"product_id": "p", "price": "a lot"}}, {"type": "nonsense"})
    assert server.stop() == DONE
    letters = succeed("dead-letters", "list", "--data", server.data, "--format", "json")
    assert "nonsense" in letters
    assert query("events", server.data, "--grain", "1d", "--from", "2026-03-01", "--to", "2026-03-02")


def test_the_list_of_dead_letters_says_where_more_are(server):
    order = {**EVENT, "event": "Order Completed", "properties": {"order_id": "o", "revenue": "a lot"}}
    send(server, {"type": "nonsense"}, {"type": "nonsense"}, order)
    listed = run("dead-letters", "list", "--limit", 1, "--url", url(server))
    assert listed.stdout.count("\n") == 1
    assert "--from 1\n" in listed.stderr
    assert "--stream transactions" in listed.stderr
    other = run("dead-letters", "list", "--stream", "transactions", "--url", url(server))
    assert (other.stdout.count("\n"), other.stderr) == (1, "")


def letters_of(*options: object) -> list[dict]:
    return [json.loads(line) for line in succeed("dead-letters", "list", "--format", "json", *options).splitlines()]


def test_a_dead_letter_is_listed_mended_and_sent_again_while_the_server_runs(server, tmp_path):
    bad = {**EVENT, "properties": {"product_id": "p", "price": "a lot"}}
    send(server, bad, {"type": "nonsense"})
    at = ["--url", url(server)]
    letters = letters_of(*at)
    assert len(letters) == 2
    (letter,) = (letter for letter in letters if "a lot" in letter["payload"])
    offset = letter["offset"]
    assert json.loads(letter["payload"]) == bad
    assert json.loads(succeed("dead-letters", "show", offset, *at)) == bad

    refused = run("dead-letters", "resend", offset, *at)
    assert refused.returncode == NO
    assert "price" in refused.stderr
    assert run("dead-letters", "resend", 99, *at).returncode == NO
    mended = tmp_path / "mended.json"
    mended.write_text(json.dumps(EVENT))
    for _ in range(2):  # sent twice, it still counts once
        assert succeed("dead-letters", "resend", offset, "--edited", mended, *at) == "sent again: 1\n"
    # The one that follows in the same partition is counted after whatever was sent before it.
    send(server, {**EVENT, "messageId": "after", "event": "Product Added"})
    period = {"from": "2026-03-01", "to": "2026-03-02", "grain": "1d", "by": "event"}

    def counted() -> dict:
        return {row["dims"]["event"]: row["value"] for row in server.get("/api/v1/metrics/events", **period).json()["rows"]}

    wait_until(lambda: "Product Added" in counted(), "the last event to be counted")
    assert counted() == {"Product Viewed": 1, "Product Added": 1}

    # Without --url the folder must be free; both ways say the same.
    assert server.stop() == DONE
    assert letters_of("--data", server.data) == letters


def test_all_dead_letters_are_sent_again_page_by_page(server):
    narrow = {**EVENT, "properties": {"note": "x" * 40_000}}
    for number in range(5):
        send(server, *({**narrow, "messageId": f"n{number}-{item}"} for item in range(50)))
    assert len(letters_of("--url", url(server), "--limit", 1000)) == 250
    assert server.stop() == DONE
    server.start_and_wait({"BYTEBASKET_COLLECTOR__MAX_EVENT_BYTES": "1MiB"})
    assert succeed("dead-letters", "resend", "--all", "--url", url(server)) == "sent again: 250, refused again: 0\n"


def test_reading_and_sending_dead_letters_again_need_their_tokens(tmp_path):
    locked = Server(tmp_path, settings={"tokens.read": "reads", "tokens.change": "changes"})
    locked.start_and_wait()
    try:
        at = ["--url", url(locked)]
        assert "token" in run("dead-letters", "list", *at).stderr
        assert letters_of(*at, "--token", "reads") == []
        assert "tokens.change" in run("dead-letters", "resend", "--all", *at, "--token", "reads").stderr
        assert succeed("dead-letters", "resend", "--all", *at, "--token", "changes").startswith("sent again: 0")
    finally:
        locked.kill()


def test_output_has_no_colours_where_no_color_is_set_or_no_terminal_is_there(tmp_path):
    for environment in ({"NO_COLOR": "1"}, {}):
        ended = run("query", "events", "--data", tmp_path / "none", environment=environment)
        assert "\033[" not in ended.stdout + ended.stderr


def test_the_mock_shop_writes_the_same_bytes_for_the_same_seed(tmp_path):
    first, second = (succeed("generate", "--seed", 7, "--events", 2000, "--to", "-") for _ in range(2))
    assert first == second
    assert first.count("\n") == 2000
    assert first != succeed("generate", "--seed", 8, "--events", 2000, "--to", "-")


def test_what_the_mock_shop_wrote_can_be_imported(tmp_path):
    file = tmp_path / "events.jsonl"
    succeed("generate", "--seed", 7, "--events", 2000, "--to", file)
    succeed("import", file, "--format", "segment", "--data", tmp_path / "data")
    rows = query("events", tmp_path / "data", "--grain", "1d", "--from", "2025-12-01", "--to", "2027-01-01", "--limit", 10000)
    assert 0 < sum(row["value"] for row in rows) <= 2000


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions_are_printed(shell):
    assert "bytebasket" in succeed("completions", shell)


def test_doctor_finds_a_working_installation(tmp_path):
    ended = run("doctor", "--data", tmp_path / "data", environment={"BYTEBASKET_LISTEN__PORT": str(free_port())})
    assert ended.returncode == DONE, ended


def test_doctor_finds_a_running_server_well(server):
    findings = json.loads(succeed("doctor", "--url", url(server), "--format", "json"))
    assert {finding["check"] for finding in findings} >= {"server", "stage collect", "stage process", "stage api", "clock"}
    assert [finding for finding in findings if not finding["ok"]] == []


def test_doctor_says_what_to_do_where_no_server_answers():
    ended = run("doctor", "--url", f"http://127.0.0.1:{free_port()}")
    assert ended.returncode == NO
    assert "wrong server" in ended.stdout
    assert "bytebasket run" in ended.stdout


def test_doctor_needs_no_token_to_ask_whether_a_server_is_ready(tmp_path):
    locked = Server(tmp_path, settings={"tokens.read": "secret-token"})
    locked.start_and_wait()
    try:
        lines = succeed("doctor", "--url", url(locked)).splitlines()
        assert lines == [f"ok    server: {url(locked)} is ready", "ok    stages: not looked at: they want a token, by --token"]
        assert "stage log" in succeed("doctor", "--url", url(locked), "--token", "secret-token")
        guessed = run("doctor", "--url", url(locked), "--token", "guessed")
        assert (guessed.returncode, guessed.stdout.splitlines()[-1][:12]) == (NO, "wrong token:")
    finally:
        locked.kill()
