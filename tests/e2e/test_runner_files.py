"""The stand-in for the runner reads and fills in what the real one does."""

from __future__ import annotations

from pathlib import Path

import pytest

from .action_inputs import input_variables
from .file_commands import FileCommandError, parse_outputs
from .pip_settings import pip_mounts


def test_outputs_come_as_lines_and_as_blocks() -> None:
    text = "one=1\n\ntwo<<EOF\nfirst\n\nthird=3\nEOF\nthree=a<<b\none=again\n"

    assert parse_outputs(text) == {"one": "again", "two": "first\n\nthird=3", "three": "a<<b"}


def test_a_carriage_return_is_no_line_end() -> None:
    assert parse_outputs("a<<E\nx\r\nE\n") == {"a": "x\r"}


@pytest.mark.parametrize(
    "text", ["a<<E\nvalue\n", "a<<E\nvalue\nE \n", "neither\n", "a<<\nvalue\n", "<<E\nE\n"]
)
def test_a_file_that_fails_the_step_is_an_error(text: str) -> None:
    with pytest.raises(FileCommandError):
        parse_outputs(text)


def test_inputs_take_their_defaults_as_the_runner_evaluates_them(tmp_path: Path) -> None:
    action = tmp_path / "action.yml"
    action.write_text(
        "inputs:\n"
        "  run-id: {default: '${{ github.run_id }}-${{ github.run_attempt }}'}\n"
        "  annotations: {default: true}\n"
        "  tier:\n"
        "    description: none by default\n"
        "  comment key: {default: default}\n"
    )

    given, context = {"comment key": "linux", "unknown": "x"}, {"run_id": "7", "run_attempt": "2"}
    variables = input_variables(action, given, context)

    assert variables == {
        "INPUT_RUN-ID": "7-2",
        "INPUT_ANNOTATIONS": "true",
        "INPUT_TIER": "",
        "INPUT_COMMENT_KEY": "linux",
        "INPUT_UNKNOWN": "x",
    }


def test_pip_is_left_alone_on_a_plain_machine(tmp_path: Path) -> None:
    assert pip_mounts({"PATH": "/usr/bin"}, tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_pip_is_told_of_the_machines_certificates(tmp_path: Path) -> None:
    certificates = tmp_path / "ca.pem"
    certificates.touch()

    mounts = pip_mounts({"PIP_CERT": "", "SSL_CERT_FILE": str(certificates)}, tmp_path)

    assert mounts == [
        "--volume", f"{certificates}:/run/pip-certificates.pem:ro",
        "--volume", f"{tmp_path / 'pip.conf'}:/etc/pip.conf:ro",
    ]  # fmt: skip
    assert "cert = /run/pip-certificates.pem\n" in (tmp_path / "pip.conf").read_text()
