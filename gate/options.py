"""Every option of a check, once: the action's inputs, the flags of `gate check`, and their defaults.

action.yml and the README's tables are held against this list by a test.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class Option(msgspec.Struct, frozen=True):
    """An input `name` of the action and the flag `--name`.

    A list splits at line breaks and commas, lines at line breaks only.
    """

    name: str
    help: str
    default: str = ""
    kind: Literal["text", "list", "lines"] = "text"
    choices: tuple[str, ...] = ()
    metavar: str = "TEXT"


def _choice(name: str, text: str, *choices: str) -> Option:
    return Option(name, text, choices[0], choices=choices, metavar="|".join(choices))


OPTIONS = (
    Option(
        "policy",
        "Policy file. May be absent when modules is given.",
        ".github/coverage-gate.yml",
        metavar="FILE",
    ),
    Option(
        "modules",
        "YAML in the policy's `modules` grammar. Replaces the policy file's modules.",
        metavar="YAML",
    ),
    Option(
        "coverage-files",
        "Coverage reports (coverage.py JSON, XML or data files, Cobertura, LCOV, JaCoCo, Istanbul JSON, "
        "Clover, Go): paths or globs, one a line or comma-separated. One that finds nothing is an error. "
        "Replaces the policy's list.",
        kind="list",
        metavar="GLOB",
    ),
    Option(
        "junit-files",
        "JUnit reports: paths or globs, one a line or comma-separated. One that finds nothing is an error. "
        "Replaces the policy's list.",
        kind="list",
        metavar="GLOB",
    ),
    Option(
        "line-threshold",
        "Line coverage in percent for modules without one of their own (0 to 100, decimals allowed).",
        metavar="PERCENT",
    ),
    Option(
        "branch-threshold",
        "Branch coverage in percent for modules without one of their own (0 to 100, decimals allowed).",
        metavar="PERCENT",
    ),
    Option("tier", "A tier of the policy. None: coverage is enforced.", metavar="NAME"),
    Option(
        "run-id",
        "Name of the evidence folder: letters, digits, `.`, `_`, `-`, not beginning with a dot, and not "
        "`latest`.",
        "${{ github.run_id }}-${{ github.run_attempt }}",
        metavar="ID",
    ),
    Option(
        "artifacts-dir",
        "Where evidence folders are kept; this run's is <artifacts-dir>/<run-id>/.",
        "artifacts/coverage-gate",
        metavar="FOLDER",
    ),
    Option(
        "path-map",
        "FROM=TO lines: a prefix in the report and the path in the repository that it stands for "
        "(empty TO: its root). The longest prefix wins. Needed where the end of a path does not tell the "
        "file.",
        kind="lines",
        metavar="FROM=TO",
    ),
    _choice("comment", "When to post the pull request comment.", "always", "on-failure", "never"),
    Option(
        "comment-key",
        "One sticky comment is kept per key; legs of a matrix set their own, and their own run-id.",
        "default",
        metavar="KEY",
    ),
    Option(
        "comment-part",
        "Name of this leg's part, where several legs share one comment; the other parts stay as they are.",
        metavar="NAME",
    ),
    _choice("check", "How to set the check on the head commit.", "check-run", "status", "none"),
    Option("check-name", "Name of the check run or status context.", "Module coverage", metavar="NAME"),
    _choice("annotations", "Inline annotations on uncovered lines of failing modules.", "true", "false"),
    Option(
        "comment-template",
        "Path of a Jinja template for the comment (sandboxed); the built-in one without it.",
        metavar="FILE",
    ),
    _choice(
        "publish",
        "best-effort: what cannot be published is a warning. required: it fails the step (exit 5). off: no "
        "comment and no check.",
        "best-effort",
        "required",
        "off",
    ),
    Option(
        "publish-timeout",
        "Longest time that publishing may take in all: seconds, or 90s, 2m.",
        "60s",
        metavar="TIME",
    ),
    _choice(
        "mode",
        "gate: judge this run. publish: publish what a fork's run found, in a workflow_run workflow.",
        "gate",
        "publish",
    ),
    Option(
        "artifact-name",
        "mode: publish: the artifact of the fork's run that holds verdict.json.",
        "coverage-evidence",
        metavar="NAME",
    ),
    Option(
        "workflow",
        "mode: publish: path of the workflow whose runs are published, such as .github/workflows/test.yml.",
        metavar="FILE",
    ),
)

TOKEN = Option(
    "github-token",
    "Token to publish with. From the environment only, never a flag.",
    "${{ github.token }}",
)
