from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gate.errors import UsageError
from gate.inputs import Inputs, read_inputs, values_from_environ
from gate.runner import Runner

AT_A_DESK = Runner()
NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)


def read(runner: Runner = AT_A_DESK, **values: str | list[str]) -> Inputs:
    given = {
        name.replace("_", "-"): [value] if isinstance(value, str) else value for name, value in values.items()
    }
    return read_inputs(given, runner, Path("/workspace"), NOW)


def test_without_anything_the_documented_defaults_hold() -> None:
    inputs = read()
    assert inputs.policy == ".github/coverage-gate.yml"
    assert inputs.artifacts_dir == Path("/workspace/artifacts/coverage-gate")
    assert (inputs.comment, inputs.comment_key, inputs.check) == ("always", "default", "check-run")
    assert (inputs.check_name, inputs.annotations, inputs.publish) == ("Module coverage", True, "best-effort")
    assert inputs.run_id == "20261122T101500Z"


def test_dashes_of_input_names_are_kept_and_empty_inputs_are_not_given() -> None:
    environ = {"INPUT_COVERAGE-FILES": "a.json", "INPUT_TIER": "", "INPUT_COVERAGE_FILES": "wrong"}
    assert values_from_environ(environ) == {"coverage-files": ["a.json"]}


def test_lists_split_at_line_breaks_and_commas_and_repeat() -> None:
    inputs = read(coverage_files=["a.json, b.json\n\n c/*.json ", "d.json"], path_map="/app=backend\n/x=")
    assert inputs.coverage_files == ("a.json", "b.json", "c/*.json", "d.json")
    assert inputs.path_map == ("/app=backend", "/x=")


def test_of_a_repeated_scalar_the_last_wins() -> None:
    assert read(tier=["a", "b"]).tier == "b"


def test_yaml_keeps_the_indentation_of_its_first_line() -> None:
    assert read(modules="  a: x\n  b: y\n").modules == "  a: x\n  b: y\n"


def test_every_bad_value_is_named_in_one_go() -> None:
    with pytest.raises(UsageError) as caught:
        read(comment="sometimes", check="maybe", run_id="../up")
    lines = str(caught.value).splitlines()
    assert [line.split()[0] for line in lines] == ["comment", "check", "run-id"]
    assert "always, on-failure, never" in lines[0]


def test_a_blank_run_id_is_not_given() -> None:
    assert read(run_id=" ").run_id == "20261122T101500Z"


def test_a_path_map_line_may_hold_commas() -> None:
    assert read(path_map="/a,b=src\n/c=").path_map == ("/a,b=src", "/c=")


def test_an_artifacts_dir_is_taken_without_its_dots() -> None:
    assert read(artifacts_dir="sub/../evidence").artifacts_dir == Path("/workspace/evidence")


def test_a_run_id_of_the_runner_that_is_no_name_is_refused() -> None:
    with pytest.raises(UsageError, match="run-id"):
        read(Runner(run_id="12", run_attempt="1\n"))


@pytest.mark.parametrize("run_id", [".hidden", "a/b", "latest", "a b", "ä", "x" * 101, "..", "a\nb"])
def test_a_run_id_that_cannot_name_a_folder_is_refused(run_id: str) -> None:
    with pytest.raises(UsageError, match="run-id"):
        read(run_id=run_id)


@pytest.mark.parametrize("run_id", ["1234-1", "20261122T101500Z", "_x.y-z", "v1.2"])
def test_other_run_ids_are_taken(run_id: str) -> None:
    assert read(run_id=run_id).run_id == run_id


def test_in_a_workflow_the_run_names_the_folder() -> None:
    assert read(Runner(run_id="77", run_attempt="2")).run_id == "77-2"


def test_the_hosts_path_of_the_workspace_is_understood_in_the_container() -> None:
    host = "/home/runner/work/app/app"
    inputs = read(
        Runner(hosts_workspace=host),
        policy=f"{host}/ci/gate.yml",
        coverage_files=f"{host}/out/*.json, {host}-other/a.json",
        artifacts_dir=f"{host}/evidence",
        path_map=f"{host}/backend=src",
    )
    assert inputs.policy == "ci/gate.yml"
    assert inputs.coverage_files == ("out/*.json", f"{host}-other/a.json")
    assert inputs.artifacts_dir == Path("/workspace/evidence")
    assert inputs.path_map == (f"{host}/backend=src",)  # a name in a report, which was made outside


@pytest.mark.parametrize(("text", "value"), [("false", False), ("TRUE", True), (" true\n", True)])
def test_flags_are_read_as_workflows_write_them(text: str, value: bool) -> None:
    assert read(annotations=text).annotations is value
