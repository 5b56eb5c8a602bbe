"""The JSON Schema and the loader: one grammar, held together by generated documents."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from ruamel.yaml import YAML

from gate.policy import model
from gate.policy.document import read_document
from gate.policy.schema import policy_schema, schema_document
from gate.policy.walk import read
from tests.policy.loading import PUBLISHED

VALIDATOR = Draft202012Validator(schema_document())

# Without line breaks: Python's `$`, which the validator uses, would let one pass at a text's end.
texts = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0x24F, exclude_characters="\x7f"), max_size=12
)
names = texts.filter(lambda text: text != "")
percents = st.one_of(st.integers(0, 100), st.floats(0, 100).map(lambda number: round(number, 6)))
globs = st.one_of(names, st.lists(names, min_size=1, max_size=3))
modules = st.fixed_dictionaries(
    {"files": globs},
    optional={
        "line": percents,
        "branch": percents,
        "allow-empty": st.booleans(),
        "unmeasured": st.sampled_from(["error", "warn", "ignore"]),
    },
)
pins = st.dictionaries(
    st.sampled_from(["junit", "coverage"]), st.one_of(st.integers(1, 1000), globs), max_size=2
)
tiers = st.fixed_dictionaries(
    {},
    optional={
        "expect": pins,
        "flake-budget": st.fixed_dictionaries({"runs": st.integers(2, 1000), "percent": percents}),
        "coverage": st.sampled_from(["enforce", "report", "off"]),
        "suites": st.lists(names, max_size=2),
        "consecutive-runs": st.integers(1, 100),
    },
)
suites = st.fixed_dictionaries(
    {"command": st.one_of(names, st.lists(names, min_size=1, max_size=3))},
    optional={
        "timeout": st.one_of(st.integers(1, 604_800), st.sampled_from(["30m", "90s", "1h30m", "1h0m"])),
        "artifacts": st.dictionaries(
            st.sampled_from(["junit", "coverage"]), st.sampled_from(["a.xml", "a/b.json"])
        ),
        "mount": st.sampled_from(["backend", "a/b", ""]),
        "blocking": st.booleans(),
        "shell": st.booleans(),
        "env": st.dictionaries(st.sampled_from(["A", "_b1"]), texts, max_size=2),
        "working-directory": st.sampled_from(["backend", "a/b", ""]),
        "retries": st.integers(0, 10),
        "after": st.lists(names, max_size=2),
    },
)
documents = st.fixed_dictionaries(
    {"version": st.sampled_from([1, 1.0])},
    optional={
        "coverage-files": st.one_of(names, st.lists(names, max_size=2)),
        "junit-files": st.one_of(names, st.lists(names, max_size=2)),
        "path-map": st.dictionaries(names, st.sampled_from(["", "backend", "a/b"]), max_size=2),
        "thresholds": st.fixed_dictionaries({}, optional={"line": percents, "branch": percents}),
        "modules": st.dictionaries(names, st.one_of(globs, modules), max_size=3),
        "tiers": st.dictionaries(names, tiers, max_size=2),
        "expect": pins,
        "keep": st.fixed_dictionaries({"passed": st.integers(1, 9), "failed": st.integers(0, 9)}),
        "suites": st.dictionaries(st.sampled_from(["unit", "back end", "e2e_1"]), suites, max_size=2),
    },
)
anything = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-5, 1_000_000),
        st.floats(-5, 200).map(lambda number: round(number, 3)),
        texts,
        st.sampled_from(
            ["warn", "off", "30m", "30x", "0s", "../x", "/abs", "a/", ".", "..", "85", "1", "a\\b"]
        ),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(texts, inner, max_size=2)),
    max_leaves=4,
)


def places(value: object) -> Iterator[tuple[Any, Any]]:
    """Every container in a document with every key or position in it."""
    items: Any = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, child in items:
        yield value, key
        yield from places(child)


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """A valid document with one to three parts replaced, removed or renamed."""
    document: dict[str, Any] = copy.deepcopy(draw(documents))
    for _ in range(draw(st.integers(1, 3))):
        every = list(places(document))
        if not every:
            break
        container, key = draw(st.sampled_from(every))
        action = draw(st.sampled_from(["replace", "remove", "rename"]))
        if action == "replace":
            container[key] = draw(anything)
        elif action == "remove" or not isinstance(container, dict):
            del container[key]
        else:
            container[draw(texts)] = container.pop(key)
    return document


def loader_accepts(text: str) -> bool:
    return not read("file", read_document("file", text.encode()), model.Document).mistakes


@settings(deadline=None)
@given(documents)
def test_both_accept_every_document_of_the_grammar(document: dict[str, Any]) -> None:
    assert VALIDATOR.is_valid(document)
    assert loader_accepts(json.dumps(document))


@settings(max_examples=300, deadline=None)
@given(mutated())
def test_both_judge_a_damaged_document_alike(document: dict[str, Any]) -> None:
    assert loader_accepts(json.dumps(document)) == VALIDATOR.is_valid(document)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"version": True},
        {"modules": {"a": {"files": []}}},
        {"modules": {"a": {"files": "a", "line": 100.01}}},
        {"modules": {"a": {"files": "a", "line": True}}},
        {"modules": {"a": {"files": "a", "lnie": 1}}},
        {"modules": {"a": {"line": 1}}},
        {"modules": {"": "a"}},
        {"thresholds": {"line": "85"}},
        {"tiers": {"a": {"consecutive-runs": 0}}},
        {"suites": {"a/b": {"command": "x"}}},
        {"suites": {"a": {"command": "x", "artifacts": {"junit": "../x"}}}},
        {"suites": {"a": {"command": "x", "timeout": "0m"}}},
        {"path-map": {"/app": "/abs"}},
        {"unknown": 1},
    ],
)
def test_both_refuse_the_same_known_mistakes(change: dict[str, Any]) -> None:
    document = {"version": 1, **change}
    assert not VALIDATOR.is_valid(document)
    assert not loader_accepts(json.dumps(document))


def test_both_accept_the_published_policy() -> None:
    document = YAML(typ="safe", pure=True).load(PUBLISHED)
    assert list(VALIDATOR.iter_errors(document)) == []
    assert loader_accepts(PUBLISHED)


def test_check_jsonschema_accepts_the_published_policy_and_refuses_a_misspelt_one(tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text(policy_schema())
    for name, text, code in (
        ("good", PUBLISHED, 0),
        ("bad", PUBLISHED.replace("branch: 70", "brnach: 70"), 1),
    ):
        policy = tmp_path / f"{name}.yml"
        policy.write_text(text)
        command = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(schema), str(policy)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stdout + done.stderr


def test_the_schema_is_a_valid_schema_of_its_dialect() -> None:
    schema = json.loads(policy_schema())
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


def test_every_key_is_described_in_one_sentence_with_its_default() -> None:
    schema = schema_document()
    tables = [schema, *schema["$defs"].values()]
    assert {table["title"] for table in tables} >= {"Module", "Tier", "Suite", "Thresholds"}
    for table in tables:
        for key, field in table["properties"].items():
            assert field["description"].endswith("."), key
    assert schema["$defs"]["Module"]["properties"]["unmeasured"]["default"] == "error"
    assert schema["$defs"]["Suite"]["properties"]["blocking"]["default"] is True
