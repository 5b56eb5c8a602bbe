"""JUnit XML as pytest, Jest, Playwright, Surefire and others write it.

There is no one schema; what is said here of a tool was seen in the tool's own output.

- Counts come from the `<testcase>` elements. A case counts once, with its worst mark: error, failed,
  skipped, passed. pytest writes two elements for a test that fails and whose teardown breaks, and prints
  "1 failed, 1 error" for it: both count. Of a retried case the last try counts (Surefire's `flakyFailure`).
- A `<failure>` or `<error>` outside of any case (a suite that broke) counts as a case with the suite's name.
- A suite that states more failures or tests than its elements show has lost some: the file is refused. What
  a writer's `tests` counts otherwise is told in `junit_suite`.
- A case that says that the run itself broke (a file that could not be loaded, a worker that died) also
  gives a sentence: `junit_broken`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from defusedxml import DTDForbidden
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from gate.errors import EmptyArtifact, UnreadableArtifact
from gate.reports.junit_events import ROOTS, JUnitEvents, other_root
from gate.reports.junit_identity import TestId
from gate.reports.outcomes import Outcome, TestCase, TestReport
from gate.reports.xml_events import CUT_OFF
from gate.text import one_line, quoted

__all__ = ["Outcome", "TestCase", "TestId", "TestReport", "read_junit", "read_outcomes"]

# More than white space (also UTF-16's), byte order marks and zeroed blocks.
_CONTENT = re.compile(rb"[^ \t\r\n\x00\xef\xbb\xbf\xfe\xff]")


def read_junit(data: bytes) -> TestReport:
    """Read one file.

    Raises EmptyArtifact or UnreadableArtifact with a sentence that continues "the file …".
    """
    reader = JUnitEvents()
    _parse(data, reader)
    return reader.report()


def read_outcomes(data: bytes) -> Mapping[TestId, tuple[Outcome, ...]]:
    """How each test of one file ended, for comparing runs: the same for the same outcomes in any order.

    Several outcomes are those of cases that share an identity. Raises what `read_junit` raises.
    """
    kept: defaultdict[TestId, list[Outcome]] = defaultdict(list)
    _parse(data, JUnitEvents(lambda test, outcome: kept[test].append(outcome)))
    return {test: tuple(sorted(kept[test], key=lambda outcome: outcome.value)) for test in sorted(kept)}


def _parse(data: bytes, reader: JUnitEvents) -> None:
    if not _CONTENT.search(data):
        raise EmptyArtifact("is empty")
    parser = DefusedXMLParser(target=reader, forbid_dtd=True)
    reader.listen_to(parser.parser)
    try:
        parser.feed(data)
        parser.close()
    except ParseError as error:
        raise UnreadableArtifact(_malformed(error, data, reader)) from error
    except DTDForbidden as error:
        raise UnreadableArtifact(_with_document_type(error.name)) from error
    except (ValueError, LookupError) as error:
        raise UnreadableArtifact(f"cannot be decoded: {one_line(str(error))}") from error


def _malformed(error: ParseError, data: bytes, reader: JUnitEvents) -> str:
    if error.code in CUT_OFF:
        # Where the file ends; the parser's own position is that of the last whole token.
        last_line = data.count(b"\n") + 1
        return f"is cut off in line {last_line}"
    if reader.root is None:
        return f"is not XML: it begins with {quoted(data[:40].decode('utf-8', 'replace'))}"
    return f"is malformed XML: {one_line(str(error))}"


def _with_document_type(name: str) -> str:
    if name not in ROOTS:
        return other_root(name)
    return "has a document type declaration, which could draw in entities and other files: write it without"
