from __future__ import annotations

import pytest

from gate.render.links import Links
from gate.render.marker import marker
from gate.render.user_template import COMMENT_LIMIT, BrokenTemplate, render_user_comment

from . import hostile, verdicts

LINKS = Links()


def render(source: str) -> str:
    return render_user_comment(source, verdicts.failing(), LINKS, key="k")


def test_a_template_says_what_it_likes_behind_the_marker() -> None:
    source = "{{ verdict.verdict }}:{% for one in verdict.failed_modules %} {{ one.name | code }}{% endfor %}"
    assert render(source) == f"{marker('k')}\nfailed: `billing-router`"


def test_foreign_names_are_escaped_in_a_users_template_too() -> None:
    verdict = hostile.hostile()
    printed = render_user_comment(
        "{% for module in verdict.modules %}{{ module.name }}\n{% endfor %}", verdict, LINKS, key="k"
    )
    assert "<" not in printed.replace(marker("k"), "").replace("<span>$</span>", "")
    assert "##[" not in printed


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("a\n{% if %}", "line 2"),
        ("a\nb\n{{ verdct }}", "in line 3: 'verdct' is undefined"),
        ("{{ verdict.__class__.__mro__ }}", "line 1"),
        ("{{ ''.__class__.__base__.__subclasses__() }}", "line 1"),
        ("{% include 'comment.md.j2' %}", "failed"),
        ("{{ 1 // 0 }}", "line 1"),
        ("{{ verdict }}", "prints"),
        ("{{ verdict.modules[99].name }}", "line 1"),
        ("{% for a in range(100000) %}{{ 'x' * 1000 }}{% endfor %}", f"{COMMENT_LIMIT:,}"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "failed"),
    ],
)
def test_a_broken_or_greedy_template_is_refused_in_a_sentence(source: str, said: str) -> None:
    with pytest.raises(BrokenTemplate) as caught:
        render(source)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
