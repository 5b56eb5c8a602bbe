from __future__ import annotations

from pathlib import Path

import pytest

from gate.errors import UnreadableArtifact
from gate.evidence.index import Artifact, Kind, Status
from gate.runs.outcomes import outcomes_in
from tests.project import FAILED_JUNIT, JUNIT


def junit(path: str, **fields: object) -> Artifact:
    return Artifact(**({"name": "*", "kind": Kind.JUNIT, "path": path, "source": path} | fields))  # type: ignore[arg-type]


def outcomes(folder: Path, *artifacts: Artifact) -> dict[str, list[str]]:
    return {
        test.label: [outcome.value for outcome in ended]
        for test, ended in outcomes_in(folder, artifacts).items()
    }


def test_a_test_of_two_reports_has_both_outcomes_in_one_order(tmp_path: Path) -> None:
    (tmp_path / "one.xml").write_text(FAILED_JUNIT)
    (tmp_path / "two.xml").write_text(JUNIT)
    both = outcomes(tmp_path, junit("one.xml"), junit("two.xml"))
    assert both == {
        "tests.test_wallet::test_a": ["passed", "passed"],
        "tests.test_wallet::test_b": ["failed", "passed"],
    }
    assert outcomes(tmp_path, junit("two.xml"), junit("one.xml")) == both


def test_what_the_check_did_not_judge_has_no_outcomes(tmp_path: Path) -> None:
    (tmp_path / "one.xml").write_text(JUNIT)
    not_looked_for = junit("one.xml", source=None)
    stale = junit("one.xml", status=Status.STALE)
    coverage = junit("one.xml", kind=Kind.COVERAGE)
    assert outcomes(tmp_path, not_looked_for, stale, coverage) == {}


@pytest.mark.parametrize(
    "content", ["", "<testsuites>", '<!DOCTYPE a [<!ENTITY b "c">]><testsuites/>', "\x00"]
)
def test_what_is_no_report_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "one.xml").write_text(content)
    with pytest.raises(UnreadableArtifact):
        outcomes(tmp_path, junit("one.xml"))


def test_a_report_outside_of_the_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "one.xml").write_text(JUNIT)
    with pytest.raises(OSError, match="leads out"):
        outcomes(tmp_path / "run", junit("../one.xml"))
