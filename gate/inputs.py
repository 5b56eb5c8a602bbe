"""Inputs or flags, and what the runner tells, as one frozen value; all mistakes are reported together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from gate.errors import UsageError
from gate.evidence.globs import normal
from gate.options import OPTIONS, Option
from gate.policy import durations
from gate.runner import Runner
from gate.text import quoted

RUN_ID = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")
_RESERVED_RUN_ID = "latest"
LONGEST_PUBLISHING = 3600
"""Seconds."""


class Inputs(msgspec.Struct, frozen=True, kw_only=True):
    """One check's inputs. Empty text means "not given"; lists are split; `workspace` is absolute."""

    workspace: Path
    runner: Runner
    mode: str
    policy: str
    modules: str
    coverage_files: tuple[str, ...]
    junit_files: tuple[str, ...]
    line_threshold: str
    branch_threshold: str
    tier: str
    run_id: str
    artifacts_dir: Path
    path_map: tuple[str, ...]
    comment: str
    comment_key: str
    comment_part: str
    check: str
    check_name: str
    annotations: bool
    comment_template: str
    publish: str
    publish_seconds: int
    artifact_name: str
    workflow: str


def values_from_environ(environ: Mapping[str, str]) -> dict[str, list[str]]:
    """The action's inputs: `INPUT_` and the name in upper case, its dashes kept."""
    return {
        option.name: [value] for option in OPTIONS if (value := environ.get(f"INPUT_{option.name.upper()}"))
    }


def read_inputs(
    values: Mapping[str, Sequence[str]], runner: Runner, workspace: Path, now: datetime
) -> Inputs:
    """Inputs from each option's given values (of a repeated scalar the last wins). Raises UsageError."""
    mistakes: list[str] = []
    texts = {option.name: _scalar(option, values.get(option.name, ()), mistakes) for option in OPTIONS}
    lists = {
        option.name: _list(values.get(option.name, ()), commas=option.kind == "list")
        for option in OPTIONS
        if option.kind in ("list", "lines")
    }
    given_run_id = any(value.strip() for value in values.get("run-id", ())[-1:])
    run_id = texts["run-id"] if given_run_id else _default_run_id(runner, now)
    if not RUN_ID.fullmatch(run_id) or run_id == _RESERVED_RUN_ID:
        mistakes.append(
            f"run-id {quoted(run_id)} is not usable: up to 100 letters, digits, '.', '_', '-', not "
            f"beginning with a dot, and not '{_RESERVED_RUN_ID}'"
        )
    publish_seconds = durations.parsed(texts["publish-timeout"])
    if publish_seconds is None or publish_seconds > LONGEST_PUBLISHING:
        mistakes.append(
            f"publish-timeout {quoted(texts['publish-timeout'])} is not usable: seconds from 1 to "
            f"{LONGEST_PUBLISHING}, or a duration such as 90s or 2m"
        )
    if mistakes or publish_seconds is None:
        raise UsageError("\n".join(mistakes))
    return Inputs(
        workspace=workspace,
        runner=runner,
        mode=texts["mode"],
        policy=runner.seen_from_here(texts["policy"]),
        modules=texts["modules"],
        coverage_files=tuple(map(runner.seen_from_here, lists["coverage-files"])),
        junit_files=tuple(map(runner.seen_from_here, lists["junit-files"])),
        line_threshold=texts["line-threshold"],
        branch_threshold=texts["branch-threshold"],
        tier=texts["tier"],
        run_id=run_id,
        artifacts_dir=normal(workspace / runner.seen_from_here(texts["artifacts-dir"])),
        path_map=lists["path-map"],
        comment=texts["comment"],
        comment_key=texts["comment-key"],
        comment_part=texts["comment-part"],
        check=texts["check"],
        check_name=texts["check-name"],
        annotations=texts["annotations"] == "true",
        comment_template=runner.seen_from_here(texts["comment-template"]),
        publish=texts["publish"],
        publish_seconds=publish_seconds,
        artifact_name=texts["artifact-name"],
        workflow=texts["workflow"],
    )


def _scalar(option: Option, given: Sequence[str], mistakes: list[str]) -> str:
    value = given[-1] if given else ""
    if not value.strip():
        return option.default
    if len(value.strip().splitlines()) == 1:  # of several lines (YAML) the indentation matters
        value = value.strip()
    if option.choices and value.lower() not in option.choices:
        choices = ", ".join(option.choices)
        mistakes.append(f"{option.name} {quoted(value)} is not known. It must be one of: {choices}")
    return value.lower() if option.choices else value


def _list(given: Sequence[str], *, commas: bool) -> tuple[str, ...]:
    lines = (line for value in given for line in value.splitlines())
    parts = (part.strip() for line in lines for part in (line.split(",") if commas else [line]))
    return tuple(part for part in parts if part)


def _default_run_id(runner: Runner, now: datetime) -> str:
    if runner.run_id:
        return f"{runner.run_id}-{runner.run_attempt or '1'}"
    return now.strftime("%Y%m%dT%H%M%SZ")
