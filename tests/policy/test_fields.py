"""Every kind of wrong value in its place: what is asked for, what stands there, what to write instead."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.policy.loading import FILE, load, mistakes, one_mistake

HEAD = "version: 1\ncoverage-files: cov.json\n"
NO_THRESHOLD = "has no threshold; give it line or branch, or set thresholds for all modules"


def module(fields: str) -> str:
    return f"{HEAD}modules: {{wallet: {{{fields}}}}}\n"


@pytest.mark.parametrize(
    "text", ["0", "100", "85", "85.5", "85.123456789012345678", "0x32", "8.5e1", "100.0"]
)
def test_a_threshold_is_the_exact_number_that_is_written(text: str) -> None:
    expected = Fraction(int(text, 16)) if text.startswith("0x") else Fraction(text)
    assert load(module(f"files: a, line: {text}")).modules[0].line == expected


@pytest.mark.parametrize(
    "text", ["-1", "100.0000000000000000001", ".nan", ".inf", "-.inf", "true", "1e99999999"]
)
def test_what_is_not_between_0_and_100_is_no_threshold(text: str) -> None:
    assert one_mistake(module(f"files: a, line: {text}")) == (
        f"{FILE}:3:36: modules.wallet.line: must be a number from 0 to 100, not {text}"
    )


@pytest.mark.parametrize(
    ("text", "instead"),
    [('"85"', "85"), ("85%", "85"), ("85.5 %", "85.5"), ("'85,5'", "85.5"), ("most", None)],
)
def test_a_text_is_no_threshold_and_what_it_means_is_offered(text: str, instead: str | None) -> None:
    hint = "" if instead is None else f"; write {instead}"
    bare = text.strip("\"'")
    assert one_mistake(module(f"files: a, line: {text}")).endswith(
        f"must be a number from 0 to 100, not '{bare}'{hint}"
    )


@pytest.mark.parametrize(
    ("text", "instead"), [("yes", "true"), ("off", "false"), ('"true"', "true"), ("1", None)]
)
def test_a_truth_value_is_true_or_false(text: str, instead: str | None) -> None:
    assert one_mistake(module(f"files: a, line: 1, allow-empty: {text}")).endswith(
        f"must be true or false, not {text if instead is None else repr(text.strip(chr(34)))}"
        + ("" if instead is None else f"; write {instead}")
    )


def test_coverage_off_stays_the_word_that_it_is() -> None:
    text = f"{HEAD}modules: {{a: {{files: a, line: 1}}}}\ntiers: {{docs: {{coverage: off}}}}\n"
    assert load(text, tier="docs", junit_files=("j.xml",)).tier.coverage == "off"


def test_a_word_that_is_not_one_of_the_known_ones_is_answered_with_the_nearest() -> None:
    assert one_mistake(module("files: a, line: 1, unmeasured: wran")) == (
        f"{FILE}:3:51: modules.wallet.unmeasured: unknown value 'wran'; did you mean 'warn'? "
        "(known: error, ignore, warn)"
    )


@pytest.mark.parametrize(
    ("version", "shown"), [("2", "2"), ('"1"', "'1'; write 1"), ("one", "'one'"), ("", "empty")]
)
def test_only_version_1_is_known(version: str, shown: str) -> None:
    text = f"version: {version}\ncoverage-files: c\nmodules: {{a: {{files: a, line: 1}}}}\n"
    assert one_mistake(text) == f"{FILE}:1:{10 if version else 1}: version: must be 1, not {shown}"


def test_a_missing_version_does_not_hide_the_other_mistakes() -> None:
    assert mistakes("coverage-files: c\nmodules: {a: x}\n") == [
        f"{FILE}:1:1: the key 'version' is missing",
        f"{FILE}:2:14: modules.a: {NO_THRESHOLD}",
    ]


def test_missing_files_do_not_hide_the_missing_threshold() -> None:
    assert mistakes(module("allow-empty: true")) == [
        f"{FILE}:3:19: modules.wallet: the key 'files' is missing",
        f"{FILE}:3:19: modules.wallet: {NO_THRESHOLD}",
    ]


def test_a_misspelt_key_is_one_mistake_and_not_also_a_missing_one() -> None:
    assert len(mistakes(module("flies: a, line: 1"))) == 1
    assert len(mistakes(module("files: a, lnie: 1"))) == 1
    assert len(mistakes("version: 1\ncoverage_files: c\nthreshold: {line: 1}\nmodule: {a: x}\n")) == 3


@pytest.mark.parametrize("value", ["5", "true", "1.0"])
def test_files_must_be_text_and_quotes_are_the_way_there(value: str) -> None:
    assert one_mistake(f"{HEAD}thresholds: {{line: 1}}\nmodules: {{wallet: {value}}}\n").endswith(
        f"modules.wallet: must be text, a list or a mapping, not {value}; put it in quotes: '{value}'"
    )


def test_a_value_that_is_left_out_is_shown_at_its_key() -> None:
    text = f"{HEAD}thresholds: {{line: 1}}\nmodules:\n  wallet:\n  other: x\n"
    assert one_mistake(text) == f"{FILE}:5:3: modules.wallet: must be text, a list or a mapping, not empty"


@pytest.mark.parametrize(
    ("fields", "end"),
    [
        ("files: [], line: 1", "modules.wallet.files: must not be an empty list"),
        ("files: '', line: 1", "modules.wallet.files: must not be empty"),
        ("files: [a, ''], line: 1", "modules.wallet.files[1]: must not be empty"),
        ("files: [[a]], line: 1", "modules.wallet.files[0]: must be text, not a list"),
        ("files: {a: b}, line: 1", "modules.wallet.files: must be text or a list, not a mapping"),
        (f"files: {'x' * 1001}, line: 1", "modules.wallet.files: must not be longer than 1000 characters"),
    ],
)
def test_files_are_one_glob_or_a_list_of_some(fields: str, end: str) -> None:
    assert one_mistake(module(fields)).endswith(end)


@pytest.mark.parametrize(
    ("glob", "reason"),
    [
        ("./a.py", "matches nothing: globs begin at the repository's root, without './' and '../'"),
        ("../a.py", "matches nothing: globs begin at the repository's root, without './' and '../'"),
        ("#a.py", "is a comment by gitignore's rules; write '\\#' for a name that begins with '#'"),
        ("  ", "is blank and matches nothing"),
        ("!", "is blank and matches nothing"),
        ("[", "is not a gitignore-style glob that can match anything"),
        ("[z-a].py", "is not a gitignore-style glob that can match anything"),
        ("a\\", "is not a gitignore-style glob that can match anything"),
        ("/", "is not a gitignore-style glob that can match anything"),
    ],
)
def test_a_glob_that_can_match_nothing_is_a_mistake(glob: str, reason: str) -> None:
    assert one_mistake(module(f"files: [ok.py, '{glob}'], line: 1")) == (
        f"{FILE}:3:35: modules.wallet.files[1]: the glob '{glob}' {reason}"
    )


def test_negated_globs_alone_are_a_mistake() -> None:
    assert "holds negated globs only" in one_mistake(module("files: ['!a.py', '!b.py'], line: 1"))


def test_the_same_glob_twice_is_no_mistake() -> None:
    assert load(module("files: [a.py, a.py], line: 1")).modules[0].files == ("a.py", "a.py")


@pytest.mark.parametrize("name", ['""', '"a\\nb"', '"\\x7f"'])
def test_a_module_name_is_a_line_of_text(name: str) -> None:
    assert "the key must" in one_mistake(f"{HEAD}modules: {{{name}: {{files: a, line: 1}}}}\n")
