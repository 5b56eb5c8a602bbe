"""A user's own template for the comment: a pull request may have written it, so it runs in a sandbox."""

from __future__ import annotations

from collections.abc import Iterable

from gate.errors import GateError
from gate.render.environment import foreign_environment
from gate.render.links import Links
from gate.render.marker import marker
from gate.text import one_line
from gate.verdict import Verdict

COMMENT_LIMIT = 65_536
"""GitHub's, in characters."""


class BrokenTemplate(GateError):  # noqa: N818 - names the state of the template
    """The template cannot be used; the sentence continues "the comment template …"."""


def render_user_comment(source: str, verdict: Verdict, links: Links, *, key: str) -> str:
    """The comment that a template makes of `verdict` and `links`, behind the key's marker.

    Raises BrokenTemplate with the template's line where that is known. What it prints is escaped as in our
    own templates.
    """
    from jinja2 import TemplateError, TemplateSyntaxError  # noqa: PLC0415 - few users have a template

    start = f"{marker(key)}\n"
    try:
        template = foreign_environment().from_string(source)
        document = _bounded(template.generate(verdict=verdict, links=links), COMMENT_LIMIT - len(start))
    except TemplateSyntaxError as error:
        raise BrokenTemplate(f"is wrong in line {error.lineno}: {one_line(str(error.message))}") from error
    except TemplateError as error:
        raise BrokenTemplate(f"failed{_place(error)}: {one_line(str(error.message))}") from error
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise BrokenTemplate(f"failed{_place(error)}: {one_line(str(error))}") from error
    return start + document


def _bounded(pieces: Iterable[str], room: int) -> str:
    """What a template prints, given up as soon as it is too much."""
    document = ""
    for piece in pieces:
        document += str(piece)
        if len(document) > room:
            raise BrokenTemplate(f"prints more than the {COMMENT_LIMIT:,} characters of a comment")
    return document


def _place(error: BaseException) -> str:
    """The line of the template that was being drawn, which Jinja puts into the traceback."""
    line = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return "" if line is None else f" in line {line}"
