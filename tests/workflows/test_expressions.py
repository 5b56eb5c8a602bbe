"""Expressions as GitHub documents them: operators give one of their sides, absent names are empty."""

from __future__ import annotations

import pytest

from .expressions import filled, holds

CONTEXT = {"github.event_name": "push", "vars.LINE": "90", "matrix.leg": "shard-1"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("coverage-${{ matrix.leg }}", "coverage-shard-1"),
        ("${{ inputs.line-threshold || vars.LINE }}", "90"),
        ("${{ inputs.line-threshold || vars.BRANCH }}", ""),
        ("${{ vars.LINE && 'set' || 'unset' }}", "set"),
        ("${{ inputs.x && 'set' || 'unset' }}", "unset"),
        ("${{ github.event_name == 'pull_request' }}", "false"),
        ("${{ !(github.event_name != 'push') }}", "true"),
    ],
)
def test_an_expression_is_filled_in(text: str, value: str) -> None:
    assert filled(text, CONTEXT) == value


@pytest.mark.parametrize(
    ("condition", "failed", "runs"),
    [
        ("", False, True),
        ("", True, False),
        ("${{ !cancelled() }}", True, True),
        ("${{ github.event_name == 'push' }}", False, True),
        ("${{ github.event_name == 'push' }}", True, False),
        ("${{ !cancelled() && github.event_name == 'schedule' }}", True, False),
    ],
)
def test_a_condition_asks_for_success_unless_it_names_a_status(
    condition: str, failed: bool, runs: bool
) -> None:
    assert holds(condition, CONTEXT, failed=failed) is runs


def test_what_is_not_known_here_is_refused() -> None:
    with pytest.raises(AssertionError):
        filled("${{ fromJSON('[]') }}", CONTEXT)
