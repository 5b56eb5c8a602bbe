"""A mutant through the whole check, as a process of its own."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from tests.project import Project

EXIT_CODES = {"passed": 0, "failed": 1, "error": 3}


def whole_outcome(report: Path, *, refused: bool) -> None:
    """Check a project whose only coverage report is this file: the exit code fits the verdict."""
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder))
        shutil.copy(report, project.root / "out" / "mutant")
        result = project.gate("check", "--json", "--coverage-files", "out/mutant", CI="")
        assert "Traceback" not in result.output, result.output
        assert result.exit_code in EXIT_CODES.values(), result.output
        assert result.exit_code == EXIT_CODES[result.json["verdict"]]
        if refused:
            assert result.exit_code == EXIT_CODES["error"], result.output
