#!/usr/bin/env python3
"""Runs the test suites one after the other and says what passed and how long each step took.

Every step runs, even after another failed, unless it needs what the failed one should have built. The exit status is
0 only where everything passed. The failed tests are named again at the end, with the last of what they said, and the last
line is `N passed, N failed`: whoever sees only the end of a log knows what to look at.
"""

import argparse
import dataclasses
import os
import pathlib
import shlex
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
RESULTS = ROOT / "test-results"
JOBS = str(os.cpu_count() or 2)
LAST_LINES = 30
QUICK = "unit|contract"
RULES = "tools|oracle|deploy"


@dataclasses.dataclass
class Step:
    """One command. `junit` names the report that it writes, `needs` the step that must have passed before."""

    name: str
    command: list[str]
    junit: str | None = None
    needs: str | None = None


@dataclasses.dataclass
class Failure:
    test: str
    output: str = ""


@dataclasses.dataclass
class Outcome:
    passed: int = 0
    failures: list[Failure] = dataclasses.field(default_factory=list)
    skipped: list[str] = dataclasses.field(default_factory=list)
    seconds: float = 0.0

    @property
    def failed(self) -> int:
        return len(self.failures)

    def state(self) -> str:
        return "FAILED" if self.failed else "ok"


def build(preset: str, options: list[str] | None = None) -> list[Step]:
    return [
        Step(f"{preset}: configure", ["cmake", "--preset", preset, "-Wno-dev", *(options or [])]),
        Step(f"{preset}: build", ["cmake", "--build", "--preset", preset], needs=f"{preset}: configure"),
    ]


def ctest(preset: str, labels: str, name: str, jobs: str = JOBS) -> Step:
    report = f"{preset}-{name}.xml".replace(" ", "-")
    command = ["ctest", "--preset", preset, "-L", f"^({labels})$", "-j", jobs]
    command += ["--no-tests=error", "--output-junit", str(RESULTS / report)]
    return Step(f"{preset}: {name}", command, junit=report, needs=f"{preset}: build")


def engines_contract(preset: str) -> Step:
    """The contract suites over the real servers; ctest starts and stops what they need."""
    report = f"{preset}-engines.xml"
    command = ["ctest", "--preset", preset, "-R", r"^services\.contract_", "-j", "1"]
    command += ["--no-tests=error", "--output-junit", str(RESULTS / report)]
    return Step(f"{preset}: contracts against real servers", command, junit=report, needs=f"{preset}: build")


def npm(folder: str, script: str) -> list[str]:
    return ["npm", "--prefix", folder, "run", "--silent", script]


def dashboard_steps() -> list[Step]:
    build = Step("dashboard: build", npm("web", "build"))
    return [
        build,
        Step("dashboard: unit tests", npm("web", "test"), needs=build.name),
        Step("dashboard: in a browser, on played answers", npm("tests/web", "test"), needs=build.name),
    ]


def live_steps() -> list[Step]:
    """The dashboard and Segment's own SDKs against the running program."""
    demo = ["scripts/with_demo.py"]
    return [
        Step("dashboard: in a browser, on a live demo", [*demo, *npm("tests/web", "test")], needs="dev: build"),
        Step("Segment's SDKs against a live demo", [*demo, *npm("tests/sdk", "test")], needs="dev: build"),
    ]


def steps_of(scope: str, fuzz_seconds: int) -> list[Step]:
    fuzzing = [f"-DBYTEBASKET_FUZZ_SECONDS={fuzz_seconds}"]
    fuzz = ctest("asan", "fuzz", "fuzzers, each for some time")
    if scope == "fast":
        return [*build("dev"), ctest("dev", f"{QUICK}|{RULES}", "unit, contract and rules")]
    if scope == "fuzz":
        return [*build("asan", fuzzing), fuzz]
    return [
        Step("format and Python lint", ["scripts/lint.sh", "quick"]),
        *dashboard_steps(),
        *build("dev"),
        ctest("dev", f"{QUICK}|{RULES}", "unit, contract and rules"),
        ctest("dev", "scenario", "scenarios"),
        ctest("dev", "fault", "faults"),
        ctest("dev", "services", "against real servers", jobs="1"),
        *live_steps(),
        *build("asan", fuzzing),
        ctest("asan", QUICK, "unit and contract"),
        engines_contract("asan"),
        fuzz,
        *build("tsan"),
        ctest("tsan", QUICK, "unit and contract"),
        engines_contract("tsan"),
    ]


def environment() -> dict[str, str]:
    """The tools' settings: the binary under test, sanitizers that stop at the first finding."""
    env = dict(os.environ)
    env.setdefault("BYTEBASKET_BINARY", str(ROOT / "build/dev/bytebasket"))
    env["PATH"] = f"{ROOT / '.node/commands'}:{env['PATH']}"
    # Named, because suppressions go by function, and the default is whatever version stands first on PATH.
    symbolizer = "external_symbolizer_path=/usr/bin/llvm-symbolizer-19"
    env.setdefault("ASAN_OPTIONS", f"detect_stack_use_after_return=1:strict_string_checks=1:{symbolizer}")
    env.setdefault("UBSAN_OPTIONS", f"print_stacktrace=1:halt_on_error=1:{symbolizer}")
    suppressions = ROOT / "tests/tsan.suppressions"
    env.setdefault("TSAN_OPTIONS", f"halt_on_error=1:second_deadlock_stack=1:suppressions={suppressions}:{symbolizer}")
    return env


def read_junit(path: pathlib.Path, outcome: Outcome) -> bool:
    """Adds the tests of a JUnit report; false where there is none that can be read."""
    try:
        cases = list(ElementTree.parse(path).getroot().iter("testcase"))
    except (OSError, ElementTree.ParseError):
        return False
    for case in cases:
        if case.get("status") == "fail" or case.find("failure") is not None:
            outcome.failures.append(Failure(case.get("name", "?"), case.findtext("system-out") or ""))
        elif case.get("status") in ("notrun", "disabled") or case.find("skipped") is not None:
            outcome.skipped.append(case.get("name", "?"))
        else:
            outcome.passed += 1
    return True


def run(step: Step, env: dict[str, str]) -> Outcome:
    print(f"\n=== {step.name}: {shlex.join(step.command)}", flush=True)
    outcome = Outcome()
    report = RESULTS / step.junit if step.junit else None
    if report:
        report.unlink(missing_ok=True)
    start = time.monotonic()
    status = subprocess.run(step.command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False).returncode
    outcome.seconds = time.monotonic() - start
    counted = report is not None and read_junit(report, outcome)
    if status != 0 and outcome.failed == 0:
        outcome.failures.append(Failure(f"exit status {status} of {shlex.join(step.command)}"))
    elif status == 0 and not counted:
        outcome.passed += 1
    return outcome


def run_all(steps: list[Step]) -> dict[str, Outcome]:
    RESULTS.mkdir(exist_ok=True)
    env = environment()
    outcomes: dict[str, Outcome] = {}
    for step in steps:
        before = outcomes.get(step.needs) if step.needs else None
        if before and before.failed:
            print(f"\n=== {step.name}: not run, because '{step.needs}' failed", flush=True)
            outcomes[step.name] = Outcome(failures=[Failure(f"not run, because '{step.needs}' failed")])
            continue
        outcomes[step.name] = run(step, env)
    return outcomes


def print_failures(step: str, failures: list[Failure]) -> None:
    for failure in failures:
        print(f"\nFAILED in {step}: {failure.test}")
        for line in failure.output.strip().splitlines()[-LAST_LINES:]:
            print(f"    {line}")


def report(outcomes: dict[str, Outcome]) -> int:
    for name, outcome in outcomes.items():
        print_failures(name, outcome.failures)
    width = max(len(name) for name in outcomes)
    print(f"\n{'step'.ljust(width)}  {'seconds':>8}  {'passed':>6}  {'failed':>6}  {'skipped':>7}")
    for name, outcome in outcomes.items():
        counts = f"{outcome.passed:6}  {outcome.failed:6}  {len(outcome.skipped):7}"
        print(f"{name.ljust(width)}  {outcome.seconds:8.1f}  {counts}  {outcome.state()}")
    for name, outcome in outcomes.items():
        for test in outcome.skipped:
            print(f"skipped in {name}: {test}")
        for failure in outcome.failures:
            print(f"failed in {name}: {failure.test}")
    passed = sum(outcome.passed for outcome in outcomes.values())
    failed = sum(outcome.failed for outcome in outcomes.values())
    skipped = sum(len(outcome.skipped) for outcome in outcomes.values())
    print(f"\n{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""), flush=True)
    return 1 if failed or not passed else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scope", choices=["all", "fast", "fuzz"])
    parser.add_argument("--fuzz-seconds", type=int, default=60)
    arguments = parser.parse_args()
    return report(run_all(steps_of(arguments.scope, arguments.fuzz_seconds)))


if __name__ == "__main__":
    sys.exit(main())
