"""What the inputs put in place of the policy's words, and the mistakes in them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from gate.policy.mistakes import PolicyError
from tests.policy.loading import FILE, PUBLISHED, load, mistakes, one_mistake

ONLY_MODULES = "wallet: {files: wallet/**, line: 90}\n"


def test_a_threshold_given_as_input_replaces_the_default_and_leaves_a_modules_own() -> None:
    router, service, wallet = load(PUBLISHED, line_threshold="12.25", branch_threshold=" 0 ").modules
    assert (router.line, router.branch) == (Fraction(85), Fraction(65))
    assert (service.line, service.branch) == (Fraction("12.25"), Fraction(70))
    assert (wallet.line, wallet.branch) == (Fraction("12.25"), Fraction(0))


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_a_blank_input_leaves_the_policys_threshold(blank: str | None) -> None:
    assert load(PUBLISHED, line_threshold=blank, branch_threshold=blank, tier=blank) == load(PUBLISHED)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("85%", "; write 85"),
        ("85,5", "; write 85.5"),
        ("101", ""),
        ("-1", ""),
        ("nan", ""),
        ("1e1", ""),
        ("٨٥", ""),
    ],
)
def test_an_input_that_is_no_threshold_is_a_mistake_with_its_name(text: str, hint: str) -> None:
    line = one_mistake(PUBLISHED, branch_threshold=text)
    assert line.startswith(
        f"input branch-threshold: must be a number from 0 to 100 such as 85 or 85.5, not '{text}'"
    )
    assert hint in line


def test_lists_given_as_input_replace_the_policys() -> None:
    policy = load(
        PUBLISHED, coverage_files=("a.json", "b.json"), junit_files=("j.xml",), path_map=("/src = ", "x=y")
    )
    assert policy.coverage_files == ("a.json", "b.json")
    assert policy.junit_files == ("j.xml",)
    assert policy.path_map == (("/src", ""), ("x", "y"))


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        (
            ("backend",),
            "'backend' has no '='; write FROM=TO, the prefix in the report and the path in the repository",
        ),
        (
            ("=backend",),
            "'=backend' has nothing before '='; write the prefix that the report's names begin with",
        ),
        (("/a=/b",), "must lead to a path relative to the repository's root, with '/' and without '..'"),
        (("/a=b/../..",), "must lead to a path relative to the repository's root, with '/' and without '..'"),
        (("/a=b", "/a=c"), "'/a=c' contradicts '/a=b'"),
    ],
)
def test_a_wrong_path_map_line_is_a_mistake(lines: tuple[str, ...], end: str) -> None:
    line = one_mistake(PUBLISHED, path_map=lines)
    assert line.startswith("input path-map: ")
    assert line.endswith(end)


def test_a_path_map_of_the_policy_must_stay_in_the_repository() -> None:
    text = PUBLISHED.replace("{/app/backend: backend}", "{/app: ../x, /b: ''}")
    assert one_mistake(text).startswith(f"{FILE}:4:18: path-map.'/app': must be a path relative to")


def test_modules_given_as_input_replace_the_policys_and_take_its_defaults() -> None:
    policy = load(PUBLISHED, "new: src/**\n")
    assert [(module.name, module.line, module.branch) for module in policy.modules] == [
        ("new", Fraction(85), Fraction(65))
    ]


def test_modules_given_as_input_need_no_policy_file() -> None:
    (wallet,) = load(None, ONLY_MODULES, coverage_files=("c.json",)).modules
    assert (wallet.name, wallet.files, wallet.line, wallet.branch) == (
        "wallet",
        ("wallet/**",),
        Fraction(90),
        None,
    )


def test_mistakes_of_file_modules_and_inputs_come_in_one_go_each_under_its_name() -> None:
    lines = mistakes(
        "version: 1\ncoverage-files: c\nthresholds: {line: 185}\n",
        "wallet:\n  files: a\n  lnie: 3\nrouter: ./x\n",
        branch_threshold="many",
        tier="fast",
        path_map=("x",),
    )
    assert [line.split(": ")[0] for line in lines] == [
        f"{FILE}:3:20",
        "input modules:3:3",
        "input modules:4:9",
        "input tier",
        "input branch-threshold",
        "input path-map",
    ]


def test_a_policy_that_is_not_yaml_does_not_hide_mistakes_of_the_modules_input() -> None:
    lines = mistakes("modules: [", "wallet: {files: []}\n")
    assert [line.split(": ")[0] for line in lines] == [f"{FILE}:1:11", "input modules:1:17"]


def test_without_policy_and_modules_both_ways_are_named() -> None:
    assert mistakes(None, coverage_files=("c",)) == [
        "input policy: there is no policy file and no input modules; one must name the modules"
    ]
    assert mistakes(None, " \n", coverage_files=("c",)) == mistakes(None, coverage_files=("c",))


@pytest.mark.parametrize("modules", ["", "modules: {}\n"])
def test_a_policy_without_modules_is_a_mistake(modules: str) -> None:
    assert "there are no modules" in one_mistake(f"version: 1\ncoverage-files: c\n{modules}")


def test_an_empty_modules_input_is_a_mistake() -> None:
    assert (
        one_mistake(PUBLISHED, "{}")
        == "input modules:1:1: there are no modules; name at least one, with its files"
    )


def test_no_coverage_files_is_a_mistake_unless_the_tier_expects_none() -> None:
    text = "version: 1\nmodules: {a: {files: a, line: 1}}\ntiers: {docs: {coverage: off}, all: {}}\n"
    message = "nothing to read: name the coverage reports in coverage-files, of the policy or as input"
    assert one_mistake(text) == one_mistake(text, tier="all") == f"{FILE}:1:1: {message}"
    assert one_mistake("coverage-files: []\n" + text) == f"{FILE}:1:17: coverage-files: {message}"
    assert one_mistake(None, ONLY_MODULES) == f"input coverage-files: {message}"
    assert load(text, tier="docs", junit_files=("j.xml",)).coverage_files == ()
    assert load(text, coverage_files=("c.json",)).coverage_files == ("c.json",)


def test_a_tier_that_would_judge_neither_coverage_nor_tests_is_a_mistake() -> None:
    text = (
        "version: 1\ncoverage-files: c\nmodules: {a: {files: a, line: 1}}\ntiers:\n  docs: {coverage: off}\n"
    )
    assert one_mistake(text, tier="docs") == (
        f"{FILE}:5:20: tiers.docs.coverage: nothing would be judged: without coverage the tier needs test "
        "reports; name them in junit-files"
    )
    assert load("junit-files: j.xml\n" + text, tier="docs").tier.coverage == "off"
    assert load(text).tier.coverage == "enforce"


def test_a_module_without_any_threshold_is_a_mistake_at_its_own_line() -> None:
    text = "version: 1\ncoverage-files: c\nthresholds: {}\nmodules:\n  a: x\n  b: {files: y, branch: 0}\n"
    assert one_mistake(text) == (
        f"{FILE}:5:6: modules.a: has no threshold; give it line or branch, or set thresholds for all modules"
    )
    assert load(text, branch_threshold="50").modules[0].branch == 50


def test_a_refused_default_threshold_is_not_also_a_missing_one() -> None:
    text = "version: 1\ncoverage-files: c\nmodules: {a: x}\n"
    assert len(mistakes(text, line_threshold="lots")) == 1
    assert len(mistakes(text + "thresholds: {line: 101}\n")) == 1
    assert len(mistakes(text + "thresholds: {lnie: 10}\n")) == 1


def test_an_error_carries_its_mistakes_as_values() -> None:
    with pytest.raises(PolicyError) as caught:
        load(PUBLISHED, tier="pr-fsat")
    (mistake,) = caught.value.mistakes
    assert (mistake.source, mistake.mark, mistake.path, mistake.nearest) == (
        "input tier",
        None,
        (),
        "pr-fast",
    )
