"""The templates cannot let foreign text through, and are read only when something is drawn."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import jinja2
import jinja2.nodes
import pytest

import gate.render
from gate.render.environment import markdown_template, text_template

TEMPLATES = sorted((Path(gate.render.__file__).parent / "templates").glob("*.j2"))

# Filters of Jinja that would join or format what is safe with what is not, or call what is not safe.
KNOWN_FILTERS = {
    *("code", "sentence", "html_code", "marker", "state_line", "address", "unbroken", "counted"),
    *("format", "length", "sum"),
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_uses_only_filters_that_escape(path: Path) -> None:
    tree = jinja2.Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    assert {node.name for node in tree.find_all(jinja2.nodes.Filter)} <= KNOWN_FILTERS


def test_what_a_template_prints_without_a_filter_is_escaped() -> None:
    environment = markdown_template("comment.md.j2").environment
    printed = environment.from_string("{{ name }}|{% set same = name %}{{ same }}").render(name="<b>*|")
    assert printed == r"&lt;b&gt;\*&#124;|&lt;b&gt;\*&#124;"


def test_an_unknown_name_in_a_template_is_an_error() -> None:
    for template in (markdown_template("comment.md.j2"), text_template("status.txt.j2")):
        with pytest.raises(jinja2.UndefinedError):
            template.environment.from_string("{{ verdct }}").render()


def test_nothing_in_particular_is_not_printed() -> None:
    environment = markdown_template("comment.md.j2").environment
    with pytest.raises(TypeError, match="a template prints None"):
        environment.from_string("{{ nothing }}").render(nothing=None)


def test_the_words_of_the_documents_stand_in_templates_alone() -> None:
    about_foreign_templates = {"sandbox.py", "user_template.py"}
    sources = [
        path
        for path in Path(gate.render.__file__).parent.glob("*.py")
        if path.name not in about_foreign_templates
    ]
    assert {text for path in sources for text in texts(path) if re.search("[a-z] [a-z]", text)} == {
        "gate verify "  # a command, of which the folder is quoted for a shell
    }


def texts(path: Path) -> list[str]:
    """String literals of a module, but for docstrings and what is raised."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    left_out = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for inner in ast.walk(node)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in left_out
    ]


def test_jinja_is_imported_only_to_draw() -> None:
    program = (
        "import sys, gate.render.markdown; sys.exit('jinja2' in sys.modules or 'markupsafe' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
