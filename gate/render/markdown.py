"""A verdict as the comment, the job summary, the check and the commit status."""

from __future__ import annotations

import re

import msgspec

from gate.render.environment import markdown_template, text_template
from gate.render.fit import fitted
from gate.render.gaps import Room
from gate.render.links import Links
from gate.render.marker import marker
from gate.render.page import Caps, page
from gate.render.past import Past
from gate.suites.results import SuiteResult
from gate.text import one_line
from gate.verdict import Verdict

__all__ = [
    "CheckText",
    "Links",
    "Reporter",
    "marker",
    "render_check",
    "render_comment",
    "render_part_cut",
    "render_reported_comment",
    "render_reported_summary",
    "render_summary",
    "status_description",
]

STATUS_LIMIT = 140
TITLE_LIMIT = 200


class _Document(msgspec.Struct, frozen=True):
    """A template, how much of a verdict it shows, and how many bytes may come of it."""

    template: str
    caps: Caps
    limit: int

    def drawn(self, verdict: Verdict, links: Links, **more: object) -> str:
        template = markdown_template(self.template)
        return fitted(
            lambda caps: _tidy(template.render(page=page(verdict, caps), links=links, **more)),
            self.caps,
            self.limit,
        )


_BRIEF = Caps(
    every_module=False,
    every_report=False,
    failing=400,
    steps=8,
    files=60,
    passing=400,
    notes=30,
    failing_row=Room(lines=8, branches=4),
    passing_row=Room(lines=3, branches=2),
    file_row=Room(lines=30, branches=20),
)
_FULL = Caps(
    every_module=True,
    every_report=True,
    failing=3_000,
    steps=300,
    files=5_000,
    passing=3_000,
    notes=1_000,
    failing_row=Room(lines=8, branches=4),
    passing_row=Room(lines=3, branches=2),
    file_row=Room(lines=300, branches=200),
)

_COMMENT = _Document("comment.md.j2", _BRIEF, limit=65_536)
_CHECK = _Document("check.md.j2", _BRIEF, limit=65_535)
# A job summary over 1 MiB is dropped whole, and other steps may have written to it before.
_SUMMARY = _Document("summary.md.j2", _FULL, limit=900 * 1024)

# What the run of a pull request, most often a fork's, says of itself.
_REPORTED = _Document("reported.md.j2", _BRIEF, limit=65_536)
# No longer than the comment: to lay a long one out takes minutes where somebody means it to.
_REPORTED_SUMMARY = _Document("reported_summary.md.j2", _BRIEF, limit=65_536)


class Reporter(msgspec.Struct, frozen=True):
    """The workflow run that says so of itself: whether it ran the code of a fork."""

    of_fork: bool


class CheckText(msgspec.Struct, frozen=True):
    """What a check run shows: a title in plain text, a summary in Markdown."""

    title: str
    summary: str


def render_comment(
    verdict: Verdict, links: Links, *, key: str, part: str = "", past: Past | None = None
) -> str:
    """The pull request's comment: at most 65,536 characters, beginning with the key's marker.

    It names no time, and a run only where something was left out, so that the same result is the same text.
    With a `part` it is that part of a comment that several legs share, and has no marker.
    """
    return _COMMENT.drawn(verdict, links, key=key, part=part, past=past)


def render_part_cut(links: Links) -> str:
    """The line that tells that a part of a shared comment was cut."""
    return _tidy(markdown_template("part_cut.md.j2").render(links=links))


def render_summary(verdict: Verdict, links: Links, suites: tuple[SuiteResult, ...] = ()) -> str:
    """The job summary and summary.md: the comment's content, every module's files, and the suites that were
    run; below 1 MiB."""
    return _SUMMARY.drawn(verdict, links, suites=suites) + "\n"


def render_reported_comment(verdict: Verdict, links: Links, reporter: Reporter, *, key: str) -> str:
    """The comment, labelled as what the run says of itself; at most 65,536 characters."""
    return _REPORTED.drawn(verdict, links, key=key, reporter=reporter)


def render_reported_summary(verdict: Verdict, links: Links, reporter: Reporter) -> str:
    """The job summary, labelled likewise, and as long as the comment."""
    return _REPORTED_SUMMARY.drawn(verdict, links, reporter=reporter) + "\n"


def render_check(verdict: Verdict, links: Links, *, annotations_left_out: int = 0) -> CheckText:
    """The check run's texts; the summary has at most 65,535 characters, and tells how many uncovered places
    have no annotation for want of room."""
    summary = _CHECK.drawn(verdict, links, annotations_left_out=annotations_left_out)
    return CheckText(one_line(_status(verdict), TITLE_LIMIT), summary)


def status_description(verdict: Verdict) -> str:
    """The result in at most 140 characters, for a commit status."""
    return one_line(_status(verdict), STATUS_LIMIT)


def _status(verdict: Verdict) -> str:
    return text_template("status.txt.j2").render(page=page(verdict, _BRIEF))


def _tidy(document: str) -> str:
    """The document without the blank lines that a template's statements leave behind."""
    return re.sub(r"\n{3,}", "\n\n", document).strip("\n")
