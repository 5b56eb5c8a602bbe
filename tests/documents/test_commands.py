"""Every command of the documents is run, in order, and ends as the document says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.fake_github import JOB_TOKEN, FakeGithub, event
from tests.test_example import MEASURE, Example

from .commands import EXAMPLE, ROOT, Command, checkout, commands, run
from .launch import DOCUMENT, comparable, made, parts

# SECURITY.md verifies a published release, with tools and from a place that are not here.
ELSEWHERE = {ROOT / "SECURITY.md"}
DOCUMENTS = sorted(
    {*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("examples/*/README.md")} - ELSEWHERE
)
MEASURED = f"(cd {EXAMPLE} && rm -rf artifacts && ../../.venv/bin/python {' '.join(MEASURE)})"
# What a document's command stands for here, and why it is not run itself.
STAND_INS = {
    "make demo": (
        MEASURED,
        "it sets an environment up, which is there; this is what it measures, and .ci/run runs it",
    ),
    "make test": ("true", "it runs these very tests"),
}
# What a document takes for granted before a command: README's user has a project of their own.
BEFORE = {
    "README.md": (
        "gate check",
        [
            'export PATH="$PWD/.venv/bin:$PATH"',
            f"cd {EXAMPLE}",
            *(f"gate check --run-id r{number}" for number in (1, 2, 3)),
            "pytest --junitxml=junit.xml --cov --cov-branch --cov-report=json:coverage.json",
        ],
    ),
    "examples/billing-backend/README.md": ("rm ", [f"cd {EXAMPLE}"]),
}


def name_of(document: Path) -> str:
    return document.relative_to(ROOT).as_posix()


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def plain(text: str) -> str:
    """With ordinary spaces for those that keep a number and its unit together."""
    return text.replace("\u00a0", " ")


def prepared(name: str) -> list[Command]:
    own = commands(read(name))
    start, taken_for_granted = BEFORE.get(name, ("", []))
    at = next(number for number, one in enumerate(own) if one.text.startswith(start))
    run_here = [Command(STAND_INS.get(one.text, (one.text, ""))[0], one.exit_code) for one in own]
    return [*run_here[:at], *(Command(text, 0) for text in taken_for_granted), *run_here[at:]]


WITH_COMMANDS = [name_of(one) for one in DOCUMENTS if commands(one.read_text(encoding="utf-8"))]


def test_the_documents_have_commands() -> None:
    docs = {
        f"docs/{name}.md" for name in ("testing-strategy", "release-runbook", "launch-confidence", "tuning")
    }
    assert docs | {"README.md"} <= set(WITH_COMMANDS)


@pytest.mark.parametrize("name", [one for one in WITH_COMMANDS if one != name_of(DOCUMENT)])
def test_each_command_of_the_document_ends_as_it_says(name: str, tmp_path: Path) -> None:
    ran = run(
        prepared(name), checkout(tmp_path / "checkout"), GITHUB_STEP_SUMMARY=str(tmp_path / "summary.md")
    )
    assert ran.surprises == []


def test_a_command_that_ends_otherwise_is_seen(tmp_path: Path) -> None:
    wrong = [Command("true", 1), Command("cd /", 0), Command("test $PWD = /", 0), Command("(exit 3)", 0)]
    assert [one.partition(":")[0] for one in run(wrong, tmp_path).surprises] == ["true", "(exit 3)"]


def test_commands_and_their_exit_codes_are_read_as_they_are_written() -> None:
    text = "```sh\ngate a \\\n  --b  # exit 4\n\nmake x   # says why\n```\n```yaml\nno: command\n```\n"
    assert commands(text) == [Command("gate a    --b", 4), Command("make x", 0)]


def test_nothing_is_left_out_that_no_document_has() -> None:
    written = {one.text for name in WITH_COMMANDS for one in commands(read(name))}
    assert set(STAND_INS) <= written


def test_the_launch_confidence_page_is_what_a_run_of_the_example_says_today() -> None:
    head, page = parts(DOCUMENT.read_text(encoding="utf-8"))
    assert page.startswith("## ✅ GO")
    assert comparable(page) == comparable(made(head)), "make launch-confidence renews the document"


def test_a_changed_count_threshold_or_verdict_makes_the_page_another_one() -> None:
    _, page = parts(plain(DOCUMENT.read_text(encoding="utf-8")))
    for old, new in (
        ("160/169", "161/169"),
        ("≥ 90 %", "≥ 91 %"),
        ("GO:", "NO-GO:"),
        ("133 passed", "132 passed"),
    ):
        assert old in page
        assert comparable(page.replace(old, new)) != comparable(page)
    assert not re.search(r"[0-9a-f]{12}", "\n".join(comparable(page)))


class Newcomer(Example):
    """Somebody with a checkout, whose pull request is told of each check."""

    def check(self, github: FakeGithub, run_id: str, *arguments: str) -> int:
        payload = event("pull_request.opened")
        path = self.put("artifacts/event.json", json.dumps(payload))
        return self.gate(
            "check",
            "--run-id",
            run_id,
            *arguments,
            GITHUB_API_URL=github.url,
            GITHUB_EVENT_NAME="pull_request",
            GITHUB_EVENT_PATH=str(path),
            GITHUB_REPOSITORY=payload["repository"]["full_name"],
            GITHUB_TOKEN=JOB_TOKEN,
        ).exit_code


def test_a_raised_threshold_changes_the_comment_as_the_tuning_page_says(tmp_path: Path) -> None:
    newcomer = Newcomer(checkout(tmp_path / "checkout") / EXAMPLE)
    newcomer.python(*MEASURE)
    (raise_it,) = (one.text for one in commands(read("docs/tuning.md")) if "branch: 75" in one.text)
    assert run([Command(raise_it, 0)], newcomer.root).surprises == []
    with FakeGithub(event("pull_request.opened")) as github:
        assert newcomer.check(github, "before") == 0
        (comment,) = github.comments
        before = plain(comment.body)
        assert newcomer.check(github, "after", "--policy", "raised.yml") == 1
        (comment,) = github.comments
        after = plain(comment.body)
    assert github.violations == []
    assert "73.07 % ≥ 70 %" in before
    said = re.findall(
        r"`([^`]*)`",
        read("docs/tuning.md").partition("The comment now begins with")[2].partition("75 claims")[0],
    )
    assert len(said) == 4
    for words in said:
        assert words not in before or words == "billing-invoices"
        assert words in after
    first = next(line for line in after.splitlines() if line.startswith(("| ❌", "| ✅")))
    assert "billing-invoices" in first
    summary = (newcomer.root / "artifacts/coverage-gate/after/summary.md").read_text(encoding="utf-8")
    assert next(line for line in after.splitlines() if line.startswith("## ")) == summary.splitlines()[0]
