"""Source files that a module claims, that hold statements, and that no report names."""

from __future__ import annotations

import warnings
from collections.abc import Collection
from pathlib import Path, PurePosixPath

PYTHON_SUFFIXES = frozenset({".py", ".pyw"})


def holds_statements(workspace: Path, path: str, reported_suffixes: Collection[str]) -> bool:
    """Whether a file should have been measured.

    Python is asked of coverage.py's own parser, so that an empty or comment-only file is no gap; of
    another language, any file whose extension occurs in the reports.
    """
    suffix = PurePosixPath(path).suffix
    if suffix in PYTHON_SUFFIXES:
        return _has_python_statements(workspace / path)
    return bool(suffix) and suffix in reported_suffixes


def _has_content(path: Path) -> bool:
    try:
        return bool(path.read_bytes().strip())
    except OSError:
        return True


def _has_python_statements(path: Path) -> bool:
    if not _has_content(path):
        return False
    # Imported here: a run whose reports name every file does not need the 0.1 s.
    from coverage.config import DEFAULT_EXCLUDE  # noqa: PLC0415
    from coverage.exceptions import CoverageException  # noqa: PLC0415
    from coverage.parser import PythonParser  # noqa: PLC0415

    exclude = "|".join(f"(?:{pattern})" for pattern in DEFAULT_EXCLUDE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a syntax warning prints the source's line into the log
            parser = PythonParser(filename=str(path), exclude=exclude)
            parser.parse_source()
    except (CoverageException, SyntaxError, ValueError, RecursionError, MemoryError, OSError):
        return True  # what cannot be parsed cannot be shown to hold nothing
    return bool(parser.statements)
