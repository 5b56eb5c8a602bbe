"""Five real executions of the example's tests, with one branch of its code that is not always taken."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from tests.project import GIT_SETTINGS
from tests.test_example import EXAMPLE, MEASURE, Example

MODULE = "backend/billing/wallet.py"
BEFORE = "        with transaction(self._connection):\n            balance = self.balance(wallet_id)\n"
FLAKY = """\
        if os.environ.get("FLAKY") == "yes":
            reason = reason.strip()
            if not reason:
                raise ConflictError("an entry has a reason")
"""
TAKEN = {"r1": True, "r2": False, "r3": True, "r4": True, "r5": False}


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Example:
    root = tmp_path_factory.mktemp("flaky") / "billing-backend"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("artifacts", "__pycache__", ".pytest_cache"))
    source = (root / MODULE).read_text()
    head, found, tail = source.rpartition(BEFORE)
    assert found, "the example's wallet has no `_post` as this test knows it"
    (root / MODULE).write_text(
        (head + FLAKY + found + tail).replace("import sqlite3\n", "import os\nimport sqlite3\n")
    )
    (root / ".gitignore").write_text("artifacts/\n__pycache__/\n.pytest_cache/\n")
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "state"]):
        subprocess.run(["git", *GIT_SETTINGS, *command], cwd=root, check=True)
    flaky = Example(root)
    for run_id, taken in TAKEN.items():
        program = (
            f"import os, pytest, sys; os.environ['FLAKY'] = '{'yes' if taken else 'no'}'; "
            "sys.exit(pytest.main(sys.argv[1:]))"
        )
        flaky.python("-c", program, *MEASURE[2:])
        outcome = flaky.gate("check", "--run-id", run_id)
        # Either way a branch is not taken, which is one too many for the example's policy.
        assert outcome.exit_code == 1, outcome.output
    return flaky


def folders() -> list[str]:
    return [f"artifacts/coverage-gate/{run_id}" for run_id in TAKEN]


def test_comparing_five_runs_names_exactly_the_flaky_branch_and_nothing_else(example: Example) -> None:
    lines = (example.root / MODULE).read_text().splitlines()
    at = lines.index('        if os.environ.get("FLAKY") == "yes":') + 1
    outcome = example.gate("compare", "--json", *folders())
    assert outcome.exit_code == 4, outcome.output
    document = outcome.json
    (flip,) = document["branches"]
    assert (flip["path"], flip["function"], flip["line"]) == (MODULE, "Wallets._post", at)
    taken, other = flip["ways"]
    # Into the body, with its two lines that run and the way past the inner `if`; and past the whole of it.
    assert (taken["target"], taken["lines"]) == (at + 1, [[at + 1, at + 2]])
    assert taken["branches"] == [[at + 2, at + 4]]
    assert taken["taken"] == list(TAKEN.values())
    assert (other["target"], other["lines"], other["branches"]) == (at + 4, [], [])
    assert other["taken"] == [not taken for taken in TAKEN.values()]
    assert taken["change"] == other["change"] == "back-and-forth"
    for others in ("lines", "counts", "presence", "tests", "artifacts"):
        assert document[others] == []
    (sentence, result) = outcome.stderr.splitlines()
    assert sentence.startswith(
        f"'{MODULE}' in Wallets._post: branch {at} → {at + 1} taken in r1, r3, r4, not in r2, r5, back and "
        f"forth (runs only with it: lines {at + 1}-{at + 2}"
    )
    assert result.startswith("unstable: 5 runs of commit")


def test_the_function_is_told_by_the_source_where_no_report_tells_it(example: Example) -> None:
    """coverage.py before 7.6 writes no functions."""
    outcomes = []
    for run_id in ("r1", "r2"):
        kept = example.root / f"artifacts/coverage-gate/{run_id}"
        (report,) = (kept / "coverage").rglob("*.json")
        document = json.loads(report.read_text())
        for file in document["files"].values():
            del file["functions"], file["classes"]
        put = example.root / "artifacts/billing-confidence/local/coverage/backend.json"
        put.write_text(json.dumps(document))
        outcomes.append(example.gate("check", "--run-id", f"without-{run_id}"))
    assert [outcome.exit_code for outcome in outcomes] == [1, 1]
    names = ["artifacts/coverage-gate/without-r1", "artifacts/coverage-gate/without-r2"]
    document = example.gate("compare", "--json", *names).json
    assert [flip["function"] for flip in document["branches"]] == ["Wallets._post"]
    assert document["lines"] == []
