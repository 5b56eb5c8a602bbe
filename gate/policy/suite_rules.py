"""What the types of the document cannot say of suites: commands that can run, an order without a circle."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping

from gate.policy import model
from gate.policy.mistakes import Mistake
from gate.policy.reading import Reading
from gate.text import quoted

KNOWN_KINDS = frozenset({"junit", "coverage", "traces"})
"""What a command may name in braces; other words in braces are left as they are."""

_BRACES = re.compile(r"\{([A-Za-z][A-Za-z0-9_-]*)\}")


def commands(reading: Reading, document: model.Document) -> Iterator[Mistake]:
    """Commands that cannot be split, a list for a shell, paths of artifacts that the suite does not leave."""
    for name, suite in document.suites.items():
        path = ("suites", name, "command")
        if not isinstance(suite.command, str | list) or reading.is_wrong(path):
            continue  # missing, or a mistake already
        parts = suite.command if isinstance(suite.command, list) else [suite.command]
        if suite.shell and isinstance(suite.command, list):
            yield reading.mistake(path, "must be one text where `shell: true` has a shell run it")
        elif not suite.shell and isinstance(suite.command, str) and (why := _cannot_be_split(suite.command)):
            yield reading.mistake(
                path, f"cannot be split as a shell would: {why}; correct the quotes, or say shell: true"
            )
        for kind in sorted(KNOWN_KINDS - suite.artifacts.keys()):
            if any(kind in _BRACES.findall(part) for part in parts):
                message = (
                    f"names {{{kind}}}, and the suite has no artifact {quoted(kind)}; add it to artifacts"
                )
                yield reading.mistake(path, message)


def order(reading: Reading, document: model.Document) -> Iterator[Mistake]:
    """Suites that follow one which is not there, or that wait for themselves."""
    known = reading.keys(("suites",))
    for name, suite in document.suites.items():
        for at, earlier in enumerate(suite.after):
            path = ("suites", name, "after", at)
            if earlier not in known:
                yield reading.mistake(path, f"there is no suite {quoted(earlier)}", known, earlier)
            elif name in _before(earlier, document.suites):
                yield reading.mistake(
                    path, f"suites {quoted(name)} and {quoted(earlier)} wait for each other"
                )


def _before(name: str, suites: Mapping[str, model.Suite]) -> set[str]:
    """A suite and all that must end before it begins."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one in suites and one not in found:
            found.add(one)
            waiting.extend(suites[one].after)
    return found


def _cannot_be_split(command: str) -> str | None:
    try:
        return None if shlex.split(command) else "it holds no word"
    except ValueError as error:
        return str(error).lower()
