from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2.filters import FILTERS

from gate.render import user_template
from gate.render.links import Links
from gate.render.marker import marker
from gate.render.sandbox import COMMENT_LIMIT, MEBIBYTES, SECONDS
from gate.render.user_template import PATIENCE, BrokenTemplate, render_user_comment

from . import crowd, hostile, verdicts
from .builders import REPOSITORY, SERVER

LINKS = Links()

TOO_MUCH = f"needs more than {MEBIBYTES} MiB of memory"
TOO_LONG = f"takes longer than {SECONDS} seconds"
TOO_DEEP = "calls itself, or nests, too deeply"
READ = "import sys; sys.stdin.buffer.read()\n"
UNSAFE = "of '{}' object is unsafe"


def render(source: str) -> str:
    return render_user_comment(source, verdicts.failing(), LINKS, key="k")


def test_a_template_says_what_it_likes_behind_the_marker() -> None:
    source = "{{ verdict.verdict }}:{% for one in verdict.failed_modules %} {{ one.name | code }}{% endfor %}"
    assert render(source) == f"{marker('k')}\nfailed: `billing-router`"


def test_a_template_sees_the_verdict_and_the_links_as_they_are_here() -> None:
    verdict = crowd.many()
    links = Links(SERVER, REPOSITORY, verdict.commit)
    source = "{% for one in verdict.modules %}{{ links.file(one.name, (1, 2)) | address }}\n{% endfor %}"
    expected = "\n".join(links.file(module.name, (1, 2)) or "" for module in verdict.modules)
    assert render_user_comment(source, verdict, links, key="k") == f"{marker('k')}\n{expected}\n"


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
        ("a\n{% if %}", "is wrong in line 2: Expected an expression"),
        ("a\nb\n{{ verdct }}", "failed in line 3: 'verdct' is undefined"),
        ("{% include 'comment.md.j2' %}", "failed in line 1: no loader"),
        ("{% extends '/etc/passwd' %}", "failed in line 1: no loader"),
        ("\n{{ 1 // 0 }}", "failed in line 2: integer division or modulo by zero"),
        ("{{ verdict }}", "failed in line 1: a template prints Verdict("),
        ("{{ verdict.modules[99].name }}", "failed in line 1: "),
        ("{{ verdict.modules[0].line.percent.hex.x() }}", "failed in line 1: "),
        (r"{{ '\ud800' | safe }}", "failed: 'utf-8' codec can't encode character"),
        ("{{ 'a'.encode('idna') }}", "failed in line 1: Too many open files"),
        ("{{ 10 ** 5000 }}", "failed in line 1: Exceeds the limit (4300 digits)"),
        # Out of the sandbox.
        ("{{ verdict.__class__.__mro__ }}", "'__class__' " + UNSAFE.format("Verdict")),
        ("{{ ''.__class__.__base__.__subclasses__() }}", "'__class__' " + UNSAFE.format("str")),
        ("{{ verdict.to_json.__globals__ }}", "'__globals__' " + UNSAFE.format("method")),
        ("{{ verdict.__struct_fields__ }}", "'__struct_fields__' " + UNSAFE.format("Verdict")),
        ("{{ links._root }}", "'_root' " + UNSAFE.format("Links")),
        ("{{ self.__init__.__globals__ }}", "'__init__' " + UNSAFE.format("TemplateReference")),
        ("{{ cycler.__init__.__globals__.os }}", "'__init__' " + UNSAFE.format("type")),
        ("{{ '{0.__class__}'.format(verdict) }}", "'__class__' " + UNSAFE.format("Verdict")),
        ("{% set x = verdict.artifacts.clear() %}", "failed in line 1: "),
        # Out of memory.
        ("a\n{{ 'x' * 10 ** 9 }}", f"{TOO_MUCH} in line 2"),
        ("\n\n{{ '%1000000000d' | format(1) }}", f"{TOO_MUCH} in line 3"),
        ("{{ '%1000000000d' % 1 }}", f"{TOO_MUCH} in line 1"),
        ("{{ '{:1000000000}'.format(1) }}", f"{TOO_MUCH} in line 1"),
        ("{{ 'x' | center(10 ** 9) }}", f"{TOO_MUCH} in line 1"),
        ("{{ ('x' * 10 ** 8) | indent(10 ** 8) }}", f"{TOO_MUCH} in line 1"),
        ("{{ [1] * 10 ** 8 }}", f"{TOO_MUCH} in line 1"),
        ("{{ 'x' | replace('', 'y' * 99999) | replace('y', 'z' * 99999) }}", f"{TOO_MUCH} in line 1"),
        (
            "{% set kept = namespace(text='x') %}\n"
            "{% for _ in range(99) %}{% set kept.text = kept.text ~ kept.text %}{% endfor %}",
            f"{TOO_MUCH} in line 2",
        ),
        (
            "{% set kept = namespace(all=none) %}{% for i in range(99999) %}\n"
            "{% set kept.all = [kept.all, 'x' * 99999 ~ i] %}{% endfor %}",
            f"{TOO_MUCH} in line 2",
        ),
        # Too much, too deep.
        ("{% for a in range(100000) %}{{ 'x' * 1000 }}{% endfor %}", "prints more than"),
        ("{{ ('a ' * 99999) | urlize }}", "prints more than the 65,536 characters of a comment"),
        ("{{ range(10 ** 9) }}", "failed in line 1: Range too big"),
        ("\n{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", f"{TOO_DEEP} in line 2"),
        ("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", TOO_DEEP),
        ("{{ " + "1+" * 50_000 + "1 }}", TOO_DEEP),
        ("{% if 1 %}" * 3000 + "{% endif %}" * 3000, TOO_DEEP),
    ],
)
def test_a_broken_or_greedy_template_is_refused_in_a_sentence(source: str, said: str) -> None:
    with pytest.raises(BrokenTemplate) as caught:
        render(source)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "source",
    [
        "\n{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "\n{{ 9 ** (9 ** 9) }}",
        "\n{{ lipsum(n=10 ** 9) }}",
    ],
)
def test_a_template_that_does_not_end_is_ended_in_time(source: str) -> None:
    began = time.monotonic()
    with pytest.raises(BrokenTemplate, match=TOO_LONG):
        render(source)
    assert time.monotonic() - began < PATIENCE + 1


FRAGMENTS = (
    *("{{", "}}", "{%", "%}", "{#", "#}", "-%}", "{% raw %}", "{% endraw %}", "{% autoescape false %}"),
    *("{% for a in ", " %}", "{% endfor %}", "{% if ", "{% endif %}", "{% macro m(a) %}", "{% endmacro %}"),
    *("{% set a = ", "{{ m(", "range(", "10 ** 9", "'x'", " * ", " ~ ", "(", ")", "[", "]", ".", ",", "|"),
    *("verdict", "verdict.modules", "links", ".name", "['reasons']", "loop", "self", "__class__"),
    *("code", "safe", "sentence", "unbroken", "counted('x')", "format", "center", "map(", "attr(", "tojson"),
    *("\n", "\x00", "\r", "é", "\N{GRINNING FACE}", "<!--", "::error::", "'", '"', "\\", "\\ud800", "1e9"),
)


fragments = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=3), max_size=15).map("".join)

ATOMS = (
    "verdict",
    "links",
    "verdict.modules",
    "verdict.tests",
    "'x'",
    "'%s%9999999d'",
    "0",
    "-1",
    "99999",
    "none",
)
OPERATORS = ("+", "-", "*", "**", "//", "%", "~", "==", "<", "in", "and", "or")
NAMES = (
    "name",
    "line",
    "files",
    "to_json()",
    "file('a')",
    "__class__",
    "__init__",
    "format(1)",
    "center(9 ** 9)",
)

expressions = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from(OPERATORS), inner)
        | st.builds("({} | {})".format, inner, st.sampled_from(sorted(FILTERS)))
        | st.builds("({}.{})".format, inner, st.sampled_from(NAMES))
        | st.builds("[{}, {}]".format, inner, inner)
    ),
    max_leaves=6,
)
programs = st.builds("{{{{ {} }}}}".format, expressions) | st.builds(
    "{{% for a in {} %}}{{% for b in {} %}}{{{{ {} }}}}{{% endfor %}}{{% endfor %}}".format,
    expressions,
    expressions,
    expressions,
)


@settings(max_examples=40)
@given(fragments | programs)
def test_any_text_is_a_comment_in_time_or_a_broken_template(source: str) -> None:
    began = time.monotonic()
    try:
        assert len(render(source)) <= COMMENT_LIMIT
    except BrokenTemplate as error:
        assert str(error).isprintable()
    assert time.monotonic() - began < PATIENCE + 1


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import time; time.sleep(60)", TOO_LONG),
        ("import time, sys; sys.stdin.buffer.read(); time.sleep(60)", TOO_LONG),
        ("import os, time; os.fork() or time.sleep(60)", TOO_LONG),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", TOO_LONG),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "ended by signal 11"),
        ("raise SystemExit(3)", "ended with exit code 3"),
        ("", "ended with exit code 0"),
        ("print('no JSON')", "ended with exit code 0"),
        ("print('[]')", "ended with exit code 0"),
        (READ + "while True: print('x' * 99999)", "failed: the process"),
        ("""print('{"document": null, "problem": "a\\\\n::error::b"}')""", r"a\n::error::b"),
        (READ + """print('{"document": "' + 'x' * 65536 + '"}')""", "printed more than it may"),
    ],
)
def test_whatever_becomes_of_the_process_is_a_sentence(
    program: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(user_template, "PROGRAM", program)
    monkeypatch.setattr(user_template, "PATIENCE", 1)
    began = time.monotonic()
    with pytest.raises(BrokenTemplate) as caught:
        render("x" * 1_000_000)  # more than a pipe holds
    assert said in str(caught.value)
    assert time.monotonic() - began < PATIENCE


def test_a_process_that_cannot_be_started_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    with pytest.raises(BrokenTemplate, match="no process could be started"):
        render("x")


def test_the_process_gets_no_variable_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INPUT_GITHUB-TOKEN", "ghs_secret")
    monkeypatch.setattr(
        user_template, "PROGRAM", "import json, os; print(json.dumps({'document': str(sorted(os.environ))}))"
    )
    assert render("x") in (f"{marker('k')}\n{names}" for names in ("[]", "['LC_CTYPE']"))
