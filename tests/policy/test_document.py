"""YAML that a policy cannot be, told in one sentence with its line."""

from __future__ import annotations

import pytest

from gate.policy.document import MOST_BYTES, MOST_DEPTH, MOST_NODES, read_document
from gate.policy.mistakes import PolicyError
from tests.policy.loading import FILE, load, mistakes, one_mistake

GOOD = "version: 1\ncoverage-files: cov.json\nmodules: {a: {files: a.py, line: 80}}\n"


def test_a_syntax_error_is_told_with_its_line() -> None:
    assert one_mistake("version: 1\nmodules:\n  a: [x\n  b: y\n").startswith(
        f"{FILE}:4:4: is not valid YAML: "
    )
    assert one_mistake("version: 1\n\tmodules: x\n").startswith(f"{FILE}:2:1: is not valid YAML: ")


def test_an_escape_that_the_parser_itself_stumbles_on_is_a_syntax_error() -> None:
    assert one_mistake('version: "\\UFFFFFFFF"\n').startswith(f"{FILE}:1:")


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "\ufeff"])
def test_an_empty_file_is_said_to_be_empty(text: str) -> None:
    assert one_mistake(text) == f"{FILE}:1:1: is empty; a policy names at least its version and its modules"


def test_a_file_in_another_encoding_is_told_with_the_place_of_the_first_wrong_byte() -> None:
    assert one_mistake("version: 1\n# é".encode("latin-1")) == f"{FILE}:2:3: is not UTF-8 text"
    assert one_mistake(GOOD.encode("utf-16")) == f"{FILE}:1:1: is not UTF-8 text"


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert load(b"\xef\xbb\xbf" + GOOD.encode()) == load(GOOD)


def test_windows_line_ends_are_no_mistake() -> None:
    assert load(GOOD.replace("\n", "\r\n").encode()) == load(GOOD)


def test_a_control_character_is_named_with_its_place() -> None:
    assert one_mistake("version: 1\nmodules: \x07\n") == (
        f"{FILE}:2:10: holds the character U+0007, which YAML does not allow"
    )


def test_several_documents_are_refused() -> None:
    assert one_mistake(GOOD + "---\n" + GOOD) == (
        f"{FILE}:4:1: a second document begins here; a policy is one document"
    )


def test_a_repeated_key_is_refused_with_both_lines() -> None:
    text = GOOD + "coverage-files: other.json\n"
    assert one_mistake(text) == f"{FILE}:4:1: coverage-files: this key is given twice, first in line 2"


@pytest.mark.parametrize("key", ["5", "2024-01-01", "1.5", "true", "null", "~"])
def test_a_key_that_is_no_text_is_refused_and_a_date_is_text(key: str) -> None:
    text = f"version: 1\ncoverage-files: c\nmodules:\n  {key}: {{files: a, line: 1}}\n"
    if "-" in key:
        assert load(text).modules[0].name == key
    else:
        quoted = f"the key {key} is not text; put it in quotes: '{key}'"
        assert f"{FILE}:4:3: modules: {quoted}" in mistakes(text)


def test_a_list_as_key_is_refused() -> None:
    assert f"{FILE}:4:3: a key must be plain text, without a tag" in mistakes(GOOD + "? [a]\n: b\n")


@pytest.mark.parametrize("tag", ["!!str", "!!python/object:os.system", "!Ref", "!"])
def test_tags_are_refused(tag: str) -> None:
    text = f"version: 1\ncoverage-files: {tag} cov.json\nmodules: {{a: {{files: a.py, line: 80}}}}\n"
    assert one_mistake(text) == f"{FILE}:2:17: coverage-files: tags are not used here; remove '{tag}'"


def test_a_merge_key_is_refused_with_what_to_do() -> None:
    text = GOOD.replace("{files: a.py, line: 80}", "{<<: {line: 80}, files: a.py, branch: 1}")
    assert one_mistake(text).endswith("merge keys ('<<') are not part of YAML 1.2; repeat the keys")


def test_an_alias_stands_for_its_anchor() -> None:
    lists = "coverage-files: &list [a, b]\njunit-files: *list\n"
    text = f"version: 1\n{lists}modules: {{a: {{files: *list, line: 1}}}}\n"
    policy = load(text)
    assert policy.coverage_files == policy.junit_files == policy.modules[0].files == ("a", "b")


def test_an_alias_without_anchor_or_around_itself_is_refused() -> None:
    assert one_mistake("version: *v\n") == f"{FILE}:1:10: the alias '*v' names no anchor before it"
    assert one_mistake("modules: &m {a: *m}\n") == f"{FILE}:1:17: the alias '*m' refers to what it is part of"


def test_aliases_that_multiply_into_millions_of_values_are_refused() -> None:
    entries = ", ".join("x" for _ in range(1000))
    modules = "\n".join(f"  m{number}: *files" for number in range(1 + MOST_NODES // 1000))
    text = f"version: 1\ncoverage-files: &files [{entries}]\nmodules:\n{modules}\n"
    assert f"holds more than {MOST_NODES} values" in "\n".join(mistakes(text))


def test_nesting_is_bounded() -> None:
    assert one_mistake("[" * (MOST_DEPTH + 1)).endswith(f"is nested deeper than {MOST_DEPTH} levels")
    assert one_mistake("- " * 100_000).endswith(f"is nested deeper than {MOST_DEPTH} levels")


def test_the_number_of_values_is_bounded_while_parsing() -> None:
    read_document("file", b"[a, b]", most_nodes=3)
    with pytest.raises(PolicyError) as caught:
        read_document("file", b"[a, b, c]", most_nodes=3)
    assert str(caught.value.mistakes[0]) == "file:1:8: holds more than 3 values"


def test_size_is_bounded() -> None:
    assert one_mistake(b" " * (MOST_BYTES + 1)) == f"{FILE}: is larger than 256 KiB"


def test_half_a_surrogate_pair_or_a_nul_is_refused_since_no_path_can_hold_it() -> None:
    for escape in ("\\ud800", "\\0"):
        text = f'version: 1\ncoverage-files: "x{escape}"\nmodules: {{a: {{files: a.py, line: 80}}}}\n'
        line = one_mistake(text)
        assert line.startswith(f"{FILE}:2:17: coverage-files: holds a NUL or half a surrogate pair")
