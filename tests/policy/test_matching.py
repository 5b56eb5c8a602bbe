"""Globs of modules, held against git's own gitignore rules."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gate.policy.matching import ModuleMatcher, matches
from gate.policy.resolved import Module

PATHS = (
    "a.py",
    "b.py",
    "ab.py",
    "a",
    "a/a.py",
    "a/b.py",
    "a/b",
    "a/b/a.py",
    "a/b/ab/b.py",
    "b/a.py",
    "b/a/b/a.py",
    "b/b/b.txt",
    "ab/a/a.py",
)
Ignored = Callable[[tuple[str, ...]], list[str]]

segments = st.sampled_from(
    ["a", "b", "ab", "*", "**", "?", "[ab]", "a*", "*b", "a.py", "*.py", "?.py", "[!a].py"]
)
globs = st.builds(
    lambda start, middle, end: start + "/".join(middle) + end,
    st.sampled_from(["", "/"]),
    st.lists(segments, min_size=1, max_size=4),
    st.sampled_from(["", "/"]),
    # pathspec reads `a/**/` as `a/**`, git as the folders below a.
).filter(lambda glob: not glob.endswith("**/"))


@pytest.fixture(scope="module")
def git_ignored(tmp_path_factory: pytest.TempPathFactory) -> Ignored:
    """Which of PATHS git ignores by some patterns."""
    root = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "--quiet", root], check=True)

    def ignored(patterns: tuple[str, ...]) -> list[str]:
        Path(root, ".gitignore").write_text("\n".join(patterns) + "\n")
        command = ["git", "-c", "core.excludesFile=", "check-ignore", "--no-index", "--stdin", "-z"]
        names = "\0".join(PATHS) + "\0"
        done = subprocess.run(command, cwd=root, input=names, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1), done.stderr
        return [path for path in done.stdout.split("\0") if path]

    return ignored


def taken(*files: str) -> list[str]:
    return [path for path in PATHS if matches(Module("m", files), path)]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(globs, min_size=1, max_size=3).map(tuple))
@example(("a.py",))
@example(("a/**",))
@example(("a/**/a.py",))
@example(("**/b",))
@example(("/a.py", "b/"))
def test_globs_take_in_what_git_would_ignore(git_ignored: Ignored, files: tuple[str, ...]) -> None:
    assert taken(*files) == git_ignored(files)


def test_a_bare_name_is_found_at_any_depth_and_a_path_only_from_the_root() -> None:
    assert taken("ab.py") == ["ab.py"]
    assert taken("b.py") == ["b.py", "a/b.py", "a/b/ab/b.py"]
    assert taken("a/b.py") == ["a/b.py"]


def test_a_negated_glob_takes_files_out_again_and_the_last_match_wins() -> None:
    assert taken("a/**", "!a/b/**") == ["a/a.py", "a/b.py", "a/b"]
    assert taken("a/**", "!a/b/**", "a/b/a.py") == ["a/a.py", "a/b.py", "a/b", "a/b/a.py"]
    assert taken("*.py", "!b.py", "!ab/") == [
        "a.py",
        "ab.py",
        "a/a.py",
        "a/b/a.py",
        "b/a.py",
        "b/a/b/a.py",
        "ab/a/a.py",
    ]


def test_a_name_with_blanks_brackets_or_a_backslash_is_matched_when_escaped() -> None:
    assert matches(Module("m", ("a b.py",)), "x/a b.py")
    assert matches(Module("m", (r"src/\[id\].py",)), "src/[id].py")
    assert matches(Module("m", (r"\#x",)), "#x")
    assert matches(Module("m", (r"\!x",)), "!x")


@settings(deadline=None)
@given(
    st.lists(
        st.lists(
            st.one_of(globs, globs.map("!".__add__), st.sampled_from(["a.py ", r"\a", "a//b"])),
            min_size=1,
            max_size=3,
        ),
        max_size=6,
    )
)
def test_the_matcher_finds_the_modules_that_each_modules_globs_find(files: list[list[str]]) -> None:
    modules = [Module(f"m{number}", tuple(globs)) for number, globs in enumerate(files)]
    matcher = ModuleMatcher(modules)
    for path in PATHS:
        assert matcher.modules_of(path) == tuple(module for module in modules if matches(module, path))
