"""Names in reports against the files of a workspace, through the whole check."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.project import Outcome, Project

WALLET, INVOICES = (9, 10, (1, 2)), (3, 4, (2, 2))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def reasons(outcome: Outcome) -> dict[str, str]:
    return {reason["code"]: reason["message"] for reason in outcome.json["reasons"]}


def notes(outcome: Outcome, code: str) -> list[str]:
    return [note["message"] for note in outcome.json["notes"] if note["code"] == code]


def files(outcome: Outcome) -> list[Any]:
    return [file["path"] for module in outcome.json["modules"] for file in module["files"]]


def test_container_paths_are_found_by_their_ends_and_the_verdict_says_so(project: Project) -> None:
    project.measure({"/app/wallet/core.py": WALLET, "/app/invoices.py": INVOICES, "/usr/lib/x.py": INVOICES})
    outcome = project.gate("check", "--json")
    assert outcome.exit_code == 0, outcome.output
    assert files(outcome) == ["src/wallet/core.py", "src/invoices.py"]
    (note,) = notes(outcome, "report-read")
    assert "coverage report 'out/coverage.json': coverage.py JSON (coverage.py 7.17.3): 3 files" in note
    assert "2 by the end of the path" in note
    assert "1 not in the repository" in note
    assert "'/app/invoices.py' is 'src/invoices.py'" in note


def test_names_as_in_the_repository_are_noted_in_a_few_words(project: Project) -> None:
    (note,) = notes(project.gate("check", "--json"), "report-read")
    assert note.endswith(": 2 files, named as in the repository")


def test_shards_of_which_the_same_is_true_share_a_note(project: Project) -> None:
    for shard in range(5):
        project.measure({"src/wallet/core.py": WALLET}, name=f"out/shard-{shard}.json")
    outcome = project.gate("check", "--json", "--coverage-files", "out/shard-*.json\nout/coverage.json")
    shared, single = notes(outcome, "report-read")
    assert "'out/shard-0.json', 'out/shard-1.json', 'out/shard-2.json' and 2 more" in shared
    assert "'out/coverage.json'" in single


def test_an_ambiguous_name_is_an_error_that_lists_both_files(project: Project) -> None:
    project.put("copy/invoices.py", "x = 1\n" * 4)
    project.measure({"/app/wallet/core.py": WALLET, "/app/invoices.py": INVOICES})
    outcome = project.gate("check", "--json")
    assert outcome.exit_code == 3
    message = reasons(outcome)["ambiguous-path"]
    assert "'/app/invoices.py' may be 'copy/invoices.py' or 'src/invoices.py'" in message
    assert "path-map line such as '/app=copy'" in message
    assert project.gate("check", "--path-map", "/app=src").exit_code == 0


def test_an_ambiguous_name_of_files_that_no_module_claims_is_no_error(project: Project) -> None:
    project.put("copy/tools.py", "x = 1\n")
    project.put("src/tools.py", "x = 1\n")
    project.measure(
        {"src/wallet/core.py": WALLET, "src/invoices.py": INVOICES, "/app/tools.py": (1, 1, (0, 0))}
    )
    assert project.gate("check").exit_code == 0


def test_an_ambiguous_name_is_no_error_where_the_file_is_measured_under_its_own(project: Project) -> None:
    project.put("copy/invoices.py", "x = 1\n" * 4)
    project.measure(
        {"src/wallet/core.py": WALLET, "src/invoices.py": INVOICES, "/opt/invoices.py": (0, 4, (0, 0))}
    )
    assert project.gate("check").exit_code == 0


def test_a_foreign_file_that_ends_alike_does_not_change_a_files_numbers(project: Project) -> None:
    project.measure(
        {
            "/app/wallet/core.py": WALLET,
            "/app/invoices.py": INVOICES,
            "/other/wallet/invoices.py": (4, 4, (2, 2)),
        }
    )
    outcome = project.gate("check", "--json")
    # Both end in invoices.py and nothing more: neither can be believed.
    assert outcome.exit_code == 3
    assert "both '/app/invoices.py' and '/other/wallet/invoices.py'" in reasons(outcome)["ambiguous-path"]


def test_a_report_of_which_nothing_resolves_shows_both_sides_and_a_path_map_line(project: Project) -> None:
    project.measure({f"/elsewhere/lib/{name}.py": (1, 1, (0, 0)) for name in ("a", "b", "c", "d")})
    outcome = project.gate("check", "--json")
    assert outcome.exit_code == 3
    message = reasons(outcome)["artifact-unreadable"]
    assert "it names '/elsewhere/lib/a.py', '/elsewhere/lib/b.py', '/elsewhere/lib/c.py'" in message
    assert "the repository has 'src/invoices.py', 'src/wallet/__init__.py', 'src/wallet/core.py'" in message
    assert "path-map line, as '/elsewhere/lib=src'" in message


def test_a_symlinked_checkout_is_the_workspace_too(project: Project, tmp_path: Path) -> None:
    link = tmp_path.parent / f"{tmp_path.name}-link"
    link.symlink_to(tmp_path)
    project.measure({f"{link}/src/wallet/core.py": WALLET, f"{tmp_path}/src/invoices.py": INVOICES})
    assert project.gate("check").exit_code == 0
