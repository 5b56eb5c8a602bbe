"""Who wrote a Clover report, and what each writer means by its elements.

A file's own `<metrics>` are the writer's totals, which its elements must add up to.

- Istanbul (nyc, Jest, Vitest, c8): a `<line>` is a line, of the type `cond` where branches begin, of which
  `truecount` are taken and `falsecount` are not. Its `statements` are lines too. Branches that begin on a
  line without a statement are in the metrics only.
- OpenClover (its `clover.xsd` and `XMLReporter`): an element for each statement (several on a line), method
  and condition; a condition's counts are the hits of its two branches. Statements of lambdas are in the
  metrics only, unless `showLambdaFunctions` is set.
- ReportGenerator: an element for each line, a condition's with Istanbul's counts and without its own.
- Devel::Cover: an element for each statement. Its conditionals are branches and conditions together, and
  in the metrics only.
- gcovr: an element for each line of each instance of a template; older releases count them as `elements`
  only. It leaves the branches out, and adds a file `dummy` that is not there.
- PHPUnit (`Clover`, and `OpenClover` since 12): a method's element stands in the place of a statement on
  its line. Branches (Xdebug's, with path coverage) are in the metrics only, and a file that was never
  loaded has none there.
- Nette Tester: `statements` are those within methods, but it counts every line. Kahlan and goclover write
  no metrics of a file.
"""

from __future__ import annotations

import enum
import re

from gate.text import one_line

_MAJOR_VERSION = re.compile(r"(\d{1,4})\.")
_FIRST_PHPUNIT_VERSION = 12
_FIRST_CLOVER_VERSION = 2


class Writer(enum.Enum):
    """Who wrote a report, as far as the meaning of its numbers depends on it."""

    ISTANBUL = "Istanbul"
    OPEN_CLOVER = "OpenClover"
    REPORT_GENERATOR = "ReportGenerator"
    DEVEL_COVER = "Devel::Cover"
    GCOVR = "gcovr"
    PHPUNIT = "PHPUnit"


def writer_of(coverage: dict[str, str], project: dict[str, str]) -> Writer:
    """The writer, by the attributes of `<coverage>` and its first `<project>`.

    ReportGenerator is not told apart from OpenClover by them.
    """
    version = coverage.get("clover")
    if version is None:
        return Writer.PHPUNIT
    if version == coverage.get("generated"):
        return Writer.GCOVR
    if project.get("name", "").lower() == "all files":
        return Writer.ISTANBUL
    major = _MAJOR_VERSION.match(version)
    if major and int(major[1]) >= _FIRST_PHPUNIT_VERSION:
        return Writer.PHPUNIT
    if major and int(major[1]) < _FIRST_CLOVER_VERSION:
        return Writer.DEVEL_COVER
    return Writer.OPEN_CLOVER


def name_of(writer: Writer, coverage: dict[str, str]) -> str:
    """How to call the writer, with its version where the report tells it."""
    version = coverage.get("clover")
    if version and writer in (Writer.OPEN_CLOVER, Writer.PHPUNIT):
        return f"{'php-code-coverage' if writer is Writer.PHPUNIT else writer.value} {one_line(version, 40)}"
    return writer.value
