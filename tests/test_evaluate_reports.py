from __future__ import annotations

import msgspec

from gate.evaluate_reports import ambiguous_reasons, report_notes
from gate.evidence.model import Ambiguity, Coverage, CoverageReport, Survey
from gate.reports.paths import How

SURVEY = Survey(
    names=3,
    ways={How.AS_NAMED: 3},
    example=None,
    resolved=3,
    suffixes=frozenset({".py"}),
)
REPORT = CoverageReport(source="a.xml", format="Cobertura XML", writer="coverage.py 7.17.3", survey=SURVEY)


def notes(coverage: Coverage) -> dict[str, str]:
    return {note.code: note.message for note in report_notes(coverage, ())}


def test_a_reports_own_remarks_are_notes_once_for_all_reports_that_make_them() -> None:
    remarked = msgspec.structs.replace(REPORT, notes=("takes its exclusions from setup.cfg",))
    other = msgspec.structs.replace(remarked, source="b.xml")
    assert notes(Coverage(reports=(remarked, other)))["report-remark"] == (
        "coverage reports 'a.xml', 'b.xml': takes its exclusions from setup.cfg"
    )


def test_files_merged_by_count_or_in_two_units_are_named() -> None:
    found = notes(Coverage(blurred=("a.py", "b.py"), mixed=("c.go",), partly=("d.py",)))
    assert "'a.py' and 1 other file" in found["branches-merged-by-count"]
    assert "larger count" in found["branches-merged-by-count"]
    assert "'c.go'" in found["statements-and-lines"]
    assert "'d.py'" in found["branches-in-some-reports"]


def test_every_way_that_names_were_found_is_counted() -> None:
    survey = msgspec.structs.replace(
        SURVEY,
        names=7,
        ways={How.MAPPED: 1, How.BY_ENDING: 2, How.ABSENT: 3, How.FOREIGN: 1},
        example=("/app/a.py", "src/a.py"),
    )
    (note,) = report_notes(Coverage(reports=(msgspec.structs.replace(REPORT, survey=survey),)), ())
    assert note.message.endswith(
        "7 files, found 1 by path-map, 2 by the end of the path, 3 without a source here, "
        "1 not in the repository ('/app/a.py' is 'src/a.py')"
    )


def test_only_a_few_ambiguous_names_are_listed_and_the_others_counted() -> None:
    ambiguous = tuple(Ambiguity((f"/app/x/{n}.py",), (f"a/{n}.py", f"b/{n}.py"), 1) for n in range(5))
    (reason,) = ambiguous_reasons(
        Coverage(reports=(msgspec.structs.replace(REPORT, ambiguous=ambiguous), REPORT))
    )
    assert reason.code.value == "ambiguous-path"
    assert "'/app/x/0.py' may be 'a/0.py' or 'b/0.py'" in reason.message
    assert "'/app/x/3.py'" not in reason.message
    assert "and 2 other names" in reason.message
    assert reason.message.endswith("path-map line such as '/app/x=a'")


def test_a_relative_name_is_mapped_by_a_dot_and_a_colliding_one_by_itself() -> None:
    relative = Ambiguity(("x.py",), ("a/x.py", "b/x.py"), 1)
    colliding = Ambiguity(("/one/x.py", "/two/x.py"), ("a/x.py",))
    for ambiguity, line in ((relative, "'.=a'"), (colliding, "'/one/x.py=a/x.py'")):
        report = msgspec.structs.replace(REPORT, ambiguous=(ambiguity,))
        (reason,) = ambiguous_reasons(Coverage(reports=(report,)))
        assert line in reason.message
