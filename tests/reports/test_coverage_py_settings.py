from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import coverage
import pytest
from coverage.config import config_files_to_try
from coverage.sqldata import CoverageData

from gate.errors import UnreadableArtifact
from gate.reports.coverage_py_settings import CONFIGURATIONS
from gate.reports.file import ReportFile
from gate.reports.model import Report
from gate.reports.read import read_coverage
from tests.reports.reading import Files
from tests.reports.test_coverage_py_data import Checkout

SOURCE = b"x = 1\ny = 2\nz = 3\n"
"""Three statements; each configuration below leaves out the line of one letter."""


def leaves_out(letter: str, section: str = "report") -> bytes:
    return f"[{section}]\nexclude_lines =\n    ^{letter}\n".encode()


def toml(letter: str, section: str = "tool.coverage.report") -> bytes:
    return f"[{section}]\nexclude_also = ['^{letter}']\n".encode()


@pytest.fixture
def data_file(tmp_path: Path) -> Path:
    """One file that ran, `backend/app/billing.py`, as its tests call it: `/app/backend/app/billing.py`."""
    data = CoverageData(str(tmp_path / ".coverage"))
    data.add_arcs({"backend/app/billing.py": [(-1, 1), (1, 2), (2, 3), (3, -1)]})
    data.close(force=True)
    return tmp_path / ".coverage"


def read(data_file: Path, contents: Mapping[str, bytes], origin: str | None = None) -> Report:
    sources = {"backend/app/billing.py": SOURCE, **contents}
    with ReportFile(data_file, origin) as report:
        return read_coverage(report, Files(contents=sources))[1]


def lines_left(report: Report) -> str:
    (file,) = report.files.values()
    return "".join(letter for line, letter in enumerate("xyz", 1) if file.lines.statements >> line & 1)


def note(path: str) -> str:
    return f"is counted with coverage.py's settings in '{path}'"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (".coveragerc", leaves_out("y")),
        (".coveragerc", leaves_out("y", "coverage:report")),
        (".coveragerc.toml", toml("y", "report")),
        ("setup.cfg", leaves_out("y", "coverage:report")),
        ("tox.ini", leaves_out("y", "coverage:report")),
        ("pyproject.toml", toml("y")),
    ],
)
def test_exclusions_of_every_kind_of_configuration_apply_and_are_named(
    data_file: Path, name: str, content: bytes
) -> None:
    report = read(data_file, {name: content})
    assert lines_left(report) == "xz"
    assert report.notes == (note(name),)


def test_without_a_configuration_the_defaults_apply_and_nothing_is_said(data_file: Path) -> None:
    report = read(data_file, {"setup.cfg": b"[metadata]\nname = x\n", "tox.ini": b"[broken"})
    assert (lines_left(report), report.notes) == ("xyz", ())


def test_a_folders_configurations_are_tried_in_coverages_own_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COVERAGE_RCFILE", raising=False)
    assert [(name, own) for name, own, _ in config_files_to_try(True)] == list(CONFIGURATIONS)


@pytest.mark.parametrize(
    ("origin", "left", "source"),
    [
        ("backend/.coverage", "xz", "backend/setup.cfg"),
        ("backend/reports/.coverage", "xz", "backend/setup.cfg"),
        ("ci/.coverage.1", "xy", "ci/tox.ini"),
        (".coverage", "yz", "pyproject.toml"),
        ("artifacts/shards/.coverage", "xz", "backend/setup.cfg"),
        (None, "xz", "backend/setup.cfg"),
    ],
)
def test_the_settings_nearest_to_the_data_file_and_then_to_the_source_win(
    data_file: Path, origin: str | None, left: str, source: str
) -> None:
    report = read(
        data_file,
        {
            "pyproject.toml": toml("x"),
            "backend/setup.cfg": leaves_out("y", "coverage:report"),
            "backend/app/pyproject.toml": b"[tool.other]\n# no coverage here\n",
            "ci/tox.ini": leaves_out("z", "coverage:report"),
        },
        origin,
    )
    assert lines_left(report) == left
    assert report.notes == (note(source),)


def test_coverages_own_file_wins_even_without_any_setting(data_file: Path) -> None:
    report = read(data_file, {".coveragerc": b"", "pyproject.toml": toml("x")})
    assert (lines_left(report), report.notes) == ("xyz", (note(".coveragerc"),))


def test_partial_branches_are_those_of_the_settings(tmp_path: Path) -> None:
    data = CoverageData(str(tmp_path / ".coverage"))
    data.add_arcs({"backend/app/billing.py": [(-1, 1), (1, 2), (2, -1)]})
    data.close(force=True)
    source = {"backend/app/billing.py": b"if x:\n    y = 2\n"}
    for name, content, covered in (
        ("tox.ini", b"", 1),
        ("tox.ini", b"[coverage:report]\npartial_branches = ^if\n", 2),
        ("tox.ini", b"[coverage:report]\npartial_also = ^if\n", 2),
    ):
        (file,) = read(tmp_path / ".coverage", {**source, name: content}).files.values()
        assert file.branches is not None
        assert (file.branches.ratio.covered, file.branches.ratio.total) == (covered, 2)


@pytest.mark.parametrize("variable", ["COVERAGE_RCFILE", "COVERAGE_FORCE_CONFIG"])
def test_the_environment_of_the_gate_chooses_no_configuration(
    data_file: Path, tmp_path: Path, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").write_bytes(leaves_out("x"))
    monkeypatch.setenv(variable, str(tmp_path / "other"))
    assert lines_left(read(data_file, {})) == "xyz"


@pytest.mark.parametrize("pattern", ["$SECRET", "${SECRET}", "${SECRET-^y}", "${SECRET?}", "^(${SECRET})"])
def test_settings_from_the_environment_are_refused_and_never_shown(
    data_file: Path, pattern: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "hunter2")
    with pytest.raises(UnreadableArtifact, match="from the environment") as error:
        read(data_file, {".coveragerc": f"[report]\nexclude_lines = {pattern}\n".encode()})
    assert "hunter2" not in str(error.value)


def test_a_doubled_dollar_is_a_plain_one_as_in_coverage(data_file: Path) -> None:
    report = read(data_file, {".coveragerc": b"[report]\nexclude_lines =\n    2$$\n    ^z.*3$\n"})
    assert lines_left(report) == "x"


def test_settings_that_change_no_count_may_come_from_the_environment(data_file: Path) -> None:
    config = b"[run]\nbranch = ${BRANCH-true}\n[report]\nfail_under = ${LEAST}\nexclude_also = ^y\n"
    assert lines_left(read(data_file, {".coveragerc": config})) == "xz"
    config = b"[tool.coverage.report]\nfail_under = '${LEAST}'\nexclude_also = ['^y']\n"
    assert lines_left(read(data_file, {"pyproject.toml": config})) == "xz"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (".coveragerc", b"[report\n"),
        (".coveragerc", b"no section"),
        (".coveragerc", b"\xff\xfe"),
        (".coveragerc", b"[report]\nexclude_lines = ("),
        (".coveragerc", b"[report]\nomit = ***/x\n"),
        (".coveragerc.toml", b"x = " + b"[" * 5000),
        ("setup.cfg", b"[coverage:report]\n[coverage:report]\n"),
        ("pyproject.toml", b"tool.coverage = 3"),
        ("pyproject.toml", b"[tool.coverage.report]\nexclude_lines = 'x'\n"),
        ("pyproject.toml", b"[tool.coverage.report]\nexclude_lines = [1]\n"),
        ("pyproject.toml", b"[[tool.coverage]]\n"),
        (".coveragerc", b"[report]\nexclude_lines =\n    a(?i)b\n    c\n"),
    ],
    ids=repr,
)
def test_a_configuration_that_cannot_be_read_is_refused_by_its_path(
    data_file: Path, name: str, content: bytes
) -> None:
    with pytest.raises(UnreadableArtifact, match=r"^cannot be counted") as error:
        read(data_file, {name: content})
    assert "\n" not in str(error.value)
    assert "/tmp" not in str(error.value)  # noqa: S108


@pytest.mark.parametrize("plugin", ["covdefaults", "tests.my_plugin", "os"])
def test_a_plugin_that_may_change_what_counts_is_refused_and_not_loaded(data_file: Path, plugin: str) -> None:
    with pytest.raises(UnreadableArtifact, match=f"loads the plugin '{plugin}'"):
        read(data_file, {".coveragerc": f"[run]\nplugins = {plugin}\n".encode()})


def test_plugins_that_only_measure_other_languages_are_no_obstacle(data_file: Path) -> None:
    plugins = b"[run]\nplugins =\n    django_coverage_plugin\n    Cython.Coverage\n"
    assert lines_left(read(data_file, {".coveragerc": plugins})) == "xyz"


def test_reports_that_are_limited_to_contexts_are_refused(data_file: Path) -> None:
    with pytest.raises(UnreadableArtifact, match="contexts"):
        read(data_file, {".coveragerc": b"[report]\ncontexts = critical\n"})


def test_path_aliases_are_not_followed_and_the_note_says_what_is(data_file: Path) -> None:
    report = read(data_file, {".coveragerc": b"[paths]\nsource =\n    backend\n    /app/backend\n"})
    assert report.notes == (
        note(".coveragerc"),
        "is read without the [paths] in '.coveragerc': use `path-map`",
    )


@pytest.mark.parametrize(
    "patterns",
    [
        "omit = */app/*",
        "omit = app/*",
        "omit = billing.py",
        "omit =\n    none/*\n    **/billing.py",
        "omit = backend/app/*",
        "omit = ./app/billing.py",
        "omit = bill",
        "include = app/*",
        "include = */tests/*",
        "include = *.py\nomit = */billing.py",
    ],
)
def test_the_files_left_out_are_those_that_coverages_own_report_leaves_out(
    tmp_path: Path, patterns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = tmp_path.resolve() / "backend"
    sources = [backend / "app" / "billing.py", backend / "app" / "tests" / "a.py", backend / "main.py"]
    for source in sources:
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_bytes(SOURCE)
    data = CoverageData(str(backend / ".coverage"))
    data.add_lines({str(source): [1] for source in sources})
    data.close(force=True)
    (backend / ".coveragerc").write_text(f"[report]\n{patterns}\n")
    with ReportFile(backend / ".coverage", "backend/.coverage") as file:
        report = read_coverage(file, Checkout(backend.parent))[1]

    monkeypatch.chdir(backend)
    measured = coverage.Coverage(data_file=".coverage")
    measured.load()
    measured.json_report(outfile="coverage.json")
    reported = json.loads((backend / "coverage.json").read_text())["files"]
    assert {name.text for name in report.files} == {str(backend / name) for name in reported}
    assert report.names == report.files.keys()
    assert any("as `include` and `omit`" in said for said in report.notes) is (len(reported) < len(sources))
