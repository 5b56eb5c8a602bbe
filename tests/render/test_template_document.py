"""docs/comment-template.md names all that a template sees, and its examples print what it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
from jinja2.filters import FILTERS
from jinja2.sandbox import MAX_RANGE

from gate.evidence.files import MOST_READ
from gate.render.environment import foreign_environment
from gate.render.escape import NAME_LIMIT, SENTENCE_LIMIT
from gate.render.links import Links
from gate.render.marker import marker
from gate.render.sandbox import COMMENT_LIMIT, MEBIBYTES, SECONDS
from gate.render.user_template import PATIENCE, BrokenTemplate, render_user_comment
from gate.reports.lines import Ratio
from gate.verdict import FileResult, Hotspot, Metric, ModuleResult, Note, Reason, TestCounts, Verdict

from .builders import REPOSITORY, SERVER
from .verdicts import failing

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs/comment-template.md").read_text(encoding="utf-8")

SECTIONS: dict[str, type[msgspec.Struct]] = {
    "The verdict": Verdict,
    "A module": ModuleResult,
    "A metric": Metric,
    "A file": FileResult,
    "A ratio": Ratio,
    "A hotspot": Hotspot,
    "A reason": Reason,
    "A note": Note,
    "Tests": TestCounts,
    "Links": Links,
}

NOT_FOR_TEMPLATES = {"to_json"}


def section(heading: str) -> str:
    return re.split(r"^##+ ", DOCUMENT.partition(f"# {heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def first_column(heading: str) -> list[str]:
    return re.findall(r"^\| `(\w+)(?:\(.*?\))?` \|", section(heading), re.MULTILINE)


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_name_of_a_value_is_documented_once(heading: str) -> None:
    kind = SECTIONS[heading]
    names = {name for name in vars(kind) if not name.startswith("_")} | set(kind.__struct_fields__)
    documented = first_column(heading)
    assert set(documented) == names - NOT_FOR_TEMPLATES
    assert len(documented) == len(set(documented))


def test_every_kind_of_value_that_a_template_can_reach_has_a_section() -> None:
    reached: set[type] = set()

    def reach(hint: Any) -> None:
        if isinstance(hint, type) and issubclass(hint, msgspec.Struct) and hint not in reached:
            reached.add(hint)
            getters = [one.fget for one in vars(hint).values() if isinstance(one, property)]
            for inner in (hint, *getters):
                for part in get_type_hints(inner).values():
                    reach(part)
        for part in get_args(hint):
            reach(part)

    reach(Verdict)
    reach(Links)
    assert reached == set(SECTIONS.values())


def test_every_filter_of_ours_is_documented() -> None:
    ours = set(foreign_environment().filters) - set(FILTERS)
    assert set(first_column("Filters")) == ours


def test_the_examples_print_what_stands_below_them() -> None:
    examples = re.findall(
        r"^```jinja\n(.*?)^```\n+```markdown\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL
    )
    assert len(examples) == 3
    verdict = failing()
    links = Links(SERVER, REPOSITORY, verdict.commit)
    for source, printed in examples:
        assert render_user_comment(source, verdict, links, key="k") == f"{marker('k')}\n{printed}"


def test_the_bounds_are_the_codes() -> None:
    bounds = section("Bounds")
    for said in (
        f"| time | {SECONDS} seconds; the process is killed {PATIENCE} seconds after",
        f"| memory | {MEBIBYTES} MiB",
        f"| comment | {COMMENT_LIMIT:,} characters",
        f"| template | {MOST_READ >> 20} MiB |",
        f"| `range` | {MAX_RANGE:,} numbers",
    ):
        assert said in bounds
    assert f"cut at {SENTENCE_LIMIT:,} characters" in section("Filters")
    assert f"cut at {NAME_LIMIT} characters" in section("Filters")


@pytest.mark.parametrize(
    ("source", "row"),
    [
        ("\n\n{% if %}", "is wrong in line 3: "),
        ("\n\n{{ verdct }}", "failed in line 3: 'verdct' is undefined"),
        ("\n\n{{ none }}", "failed in line 3: a template prints None"),
        ("{% include 'x' %}", "failed in line 1: no loader for this environment specified"),
        (
            "{% for _ in range(66) %}{{ 'x' * 1000 }}{% endfor %}",
            "prints more than the 65,536 characters of a comment",
        ),
        ("\n\n{{ 'x' * 10 ** 9 }}", "needs more than 256 MiB of memory in line 3"),
    ],
)
def test_the_documented_warnings_are_the_ones_that_are_given(source: str, row: str) -> None:
    assert f"| {row}" in section("Bounds")
    with pytest.raises(BrokenTemplate, match=re.escape(row)):
        render_user_comment(source, failing(), Links(), key="k")


def test_links_between_the_documents_lead_somewhere() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "](docs/comment-template.md" in readme
    for text, folder in ((DOCUMENT, ROOT / "docs"), (readme, ROOT)):
        for target in re.findall(r"\]\((?!https?:|#)([^)#{]+)", text):
            assert (folder / target).exists(), target


def test_the_pictures_are_there_in_both_themes_and_small() -> None:
    pictures = sorted((ROOT / "docs/images").glob("*.png"))
    names = ("100-modules", "error", "fail", "pass")
    assert {f"{name}-{theme}.png" for name in names for theme in ("dark", "light")} <= {
        picture.name for picture in pictures
    }
    assert [picture.name for picture in pictures if picture.stat().st_size > 150_000] == []
