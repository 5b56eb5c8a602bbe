"""What fuzzing found stays read or refused, and a few fresh mutants of every sample's format with it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.fuzz.mutate import mutant
from tests.fuzz.oracle import outcome
from tests.fuzz.samples import findings, samples

MUTANTS = 150


@pytest.mark.parametrize("name", findings())
def test_what_fuzzing_found_is_read_or_refused_in_a_sentence(name: str, tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.write_bytes(findings()[name])
    assert outcome(path)


@pytest.mark.parametrize("name", samples())
def test_mutants_of_real_samples_are_read_or_refused_in_a_sentence(name: str, tmp_path: Path) -> None:
    chance = random.Random(name)  # noqa: S311 - no secret
    path = tmp_path / "report"
    for _ in range(MUTANTS):
        path.write_bytes(mutant(chance, samples()[name]))
        assert outcome(path)


@pytest.mark.parametrize("name", samples())
def test_every_sample_is_read_or_refused_in_a_sentence(name: str, tmp_path: Path) -> None:
    path = tmp_path / "report"
    outcomes = []
    for content in samples()[name]:
        path.write_bytes(content)
        outcomes.append(outcome(path))
    assert "read" in outcomes
