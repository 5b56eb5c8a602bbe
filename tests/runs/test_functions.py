from __future__ import annotations

import json
from pathlib import Path

from gate.evidence.index import Artifact, Kind
from gate.reports.lines import line_set
from gate.reports.model import Function
from gate.runs.functions import functions_of

SOURCE = """\
class Wallet:
    def pay(self):
        if self:
            return 1

        def inner():
            return 2
        return inner


async def refund():
    return 3
"""


def names(functions: tuple[Function, ...], line: int) -> str | None:
    """The innermost function of a line."""
    having = [one for one in functions if one.lines >> line & 1]
    return min(having, key=lambda one: one.lines.bit_count()).name if having else None


def test_the_source_tells_functions_where_no_report_does(tmp_path: Path) -> None:
    (tmp_path / "wallet.py").write_text(SOURCE)
    (functions,) = functions_of(frozenset({"wallet.py"}), [], tmp_path).values()
    assert [names(functions, line) for line in (1, 2, 3, 4, 7, 8, 12)] == [
        None, None, "Wallet.pay", "Wallet.pay", "Wallet.pay.inner", "Wallet.pay", "refund",
    ]  # fmt: skip


def test_a_source_that_is_absent_or_no_python_tells_nothing(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def (:")
    (tmp_path / "page.js").write_text("function f() {}")
    paths = frozenset({"broken.py", "page.js", "absent.py"})
    assert functions_of(paths, [], tmp_path) == {}
    assert functions_of(paths, [], None) == {}


def report(folder: Path, *files: str) -> Artifact:
    summary = {"covered_lines": 1, "num_statements": 2, "missing_lines": 1}
    region = {"executed_lines": [2], "missing_lines": [3]}
    document = {
        "meta": {"format": 3, "version": "7.17.3", "branch_coverage": False},
        "files": {
            name: {
                **region,
                "excluded_lines": [],
                "summary": summary,
                "functions": {"pay": region, "": region},
            }
            for name in files
        },
    }
    (folder / "kept.json").write_text(json.dumps(document))
    return Artifact(name="*", kind=Kind.COVERAGE, path="kept.json")


def test_a_kept_report_tells_functions_by_the_end_of_the_path(tmp_path: Path) -> None:
    kept = [(tmp_path, (report(tmp_path, "/app/backend/wallet.py", "other.py"),))]
    expected = (Function("pay", line_set([2, 3])),)
    assert functions_of(frozenset({"backend/wallet.py"}), kept, None) == {"backend/wallet.py": expected}
    assert functions_of(frozenset({"src/other.py"}), kept, None) == {"src/other.py": expected}


def test_a_name_that_fits_two_paths_tells_of_neither(tmp_path: Path) -> None:
    kept = [(tmp_path, (report(tmp_path, "wallet.py"),))]
    assert functions_of(frozenset({"a/wallet.py", "b/wallet.py"}), kept, None) == {}


def test_a_report_that_cannot_be_read_tells_nothing(tmp_path: Path) -> None:
    (tmp_path / "kept.json").write_text("{")
    artifact = Artifact(name="*", kind=Kind.COVERAGE, path="kept.json")
    assert functions_of(frozenset({"wallet.py"}), [(tmp_path, (artifact,))], None) == {}
