"""The templates, and what they call. The only import of Jinja2, made when the first document is drawn.

Whatever a template prints is escaped unless it was made by a filter or a macro: a forgotten filter shows a
name with backslashes, it never lets one through.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING

from gate.render.escape import code, html_code, plain, sentence, unbroken
from gate.render.marker import marker
from gate.render.past import state_line
from gate.text import counted, one_line

if TYPE_CHECKING:
    from jinja2 import BaseLoader, Environment, Template
    from jinja2.runtime import Context
    from markupsafe import Markup


def markdown_template(name: str) -> Template:
    """A template whose output is Markdown. Give it `page` and `links`."""
    return _environment(markdown=True).get_template(name)


def text_template(name: str) -> Template:
    """A template whose output is shown as it is, without Markdown."""
    return _environment(markdown=False).get_template(name)


def foreign_environment() -> Environment:
    """For a user's template of Markdown: the same filters and escaping, sandboxed, and no other templates."""
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415 - few users have a template

    environment = _configured(ImmutableSandboxedEnvironment, plain, None)
    del environment.filters["state_line"]  # a comment's memory is written by our own template alone
    return environment


@cache
def _environment(*, markdown: bool) -> Environment:
    from jinja2 import Environment, PackageLoader  # noqa: PLC0415 - costs only who renders

    from gate.render.compiled import Compiled  # noqa: PLC0415 - imports Jinja2

    environment = _configured(Environment, plain if markdown else one_line, PackageLoader("gate.render"))
    environment.bytecode_cache = Compiled("markdown" if markdown else "text")
    return environment


def compile_all() -> None:
    """Compile every template, so that a package that nobody may write to has them all."""
    for environment, suffix in (
        (_environment(markdown=True), ".md.j2"),
        (_environment(markdown=False), ".txt.j2"),
    ):
        for name in environment.list_templates():
            if name.endswith(suffix):
                environment.get_template(name)


def _configured(
    kind: type[Environment], escape: Callable[[str], str], loader: BaseLoader | None
) -> Environment:
    from jinja2 import StrictUndefined  # noqa: PLC0415

    environment = kind(
        loader=loader,
        undefined=StrictUndefined,
        autoescape=True,
        optimized=False,  # compiled templates are kept, and must hold nothing that our filters made
        finalize=_finalize_as(escape),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        code=_safe(code),
        sentence=_safe(sentence),
        html_code=_safe(html_code),
        marker=_safe(marker),
        state_line=_safe(state_line),
        address=_safe(str),  # `Links` has encoded it
        unbroken=_safe(unbroken),  # of what macros made, or of a template's own words
        counted=counted,
    )
    return environment


def _finalize_as(escape: Callable[[str], str]) -> Callable[[Context, object], Markup]:
    """What becomes of a value that is printed: made by a filter or a macro it stays, else it is escaped."""
    from jinja2 import Undefined, pass_context  # noqa: PLC0415
    from markupsafe import Markup  # noqa: PLC0415

    # It is given the context only to be left to the rendering: without, constants are escaped on compiling.
    @pass_context
    def finalize(_context: Context, value: object) -> Markup:
        if isinstance(value, Markup):
            return value
        if isinstance(value, Enum):
            value = value.value
        if not isinstance(value, str | int | float | Undefined):
            raise TypeError(f"a template prints {value!r}")
        return Markup(escape(str(value)))  # noqa: S704 - escaped right here; an undefined name raises

    return finalize


def _safe(function: Callable[..., str]) -> Callable[..., Markup]:
    """A function whose result needs no escaping."""
    from markupsafe import Markup  # noqa: PLC0415

    return lambda *values: Markup(function(*values))  # noqa: S704 - each escapes what it is given
