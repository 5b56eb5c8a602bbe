"""`gate run` as whole processes: what suites get, what becomes of what they leave, and what is said of it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project import FAILED_JUNIT
from tests.running import COPIES, LEAVES, RunProject, other

UNIT = {"unit": COPIES}
AFTER_UNIT = {"after": ["unit"]}
NOTHING_LEFT = {"artifact-missing", "module-not-measured", "file-not-measured"}


@pytest.fixture
def project(tmp_path: Path) -> RunProject:
    project = RunProject(tmp_path)
    project.policy(UNIT)
    return project


def test_what_a_suite_leaves_is_judged_kept_and_indexed(project: RunProject) -> None:
    project.policy({"unit": {**COPIES, "command": f"{COPIES['command']}; echo more > {{run_dir}}/extra.txt"}})
    outcome = project.run()
    assert outcome.exit_code == 0, outcome.output
    listed = {one["path"]: one["kind"] for one in project.evidence("r", "index.json")["artifacts"]}
    assert listed == {
        "junit/unit.xml": "junit",
        "coverage/unit.json": "coverage",
        "extra.txt": "other",
        "logs/unit.log": "log",
        "results.json": "other",
        "summary.md": "summary",
        "verdict.json": "verdict",
    }
    assert project.verified() == "sound"
    latest = project.root / "artifacts/coverage-gate/latest"
    for name in ("verdict.json", "summary.md", "index.json"):
        assert (latest / name).read_bytes() == (project.folder / name).read_bytes()


def test_the_index_and_results_tell_how_a_suite_ended_and_what_it_took(project: RunProject) -> None:
    project.policy({**UNIT, "killed": other("kill -9 $$"), "busy": other("exit 7")})
    assert project.run().exit_code == 1
    suites = {one["name"]: one for one in project.evidence("r", "results.json")["suites"]}
    assert [suites[name]["exit_code"] for name in ("unit", "killed", "busy")] == [0, None, 7]
    assert [suites[name]["signal"] for name in ("unit", "killed", "busy")] == [None, 9, None]
    notes = {one["path"]: one["note"] for one in project.evidence("r", "index.json")["artifacts"]}
    assert "was killed by signal 9" in notes["logs/killed.log"]
    assert re.search(r"exit code 7: \d+\.\d s, \d+\.\d s of processor time, \d+ MiB", notes["logs/busy.log"])
    assert project.codes == ["suite-failed", "suite-failed"]


def test_no_token_of_the_job_is_in_a_suites_environment(project: RunProject) -> None:
    project.policy({"unit": {**COPIES, "command": f"env; {COPIES['command']}", "env": {"OWN": "here"}}})
    secret = "ghs_" + "0123456789abcdef"
    environ = {
        "GITHUB_TOKEN": secret,
        "INPUT_GITHUB-TOKEN": secret,
        "GH_TOKEN": secret,
        "EXTRAHEADER": f"basic {secret}",
        "GITHUB_OUTPUT": str(project.root / "outputs"),
        "GITHUB_SHA": "kept",
    }
    outcome = project.run("--publish", "off", **environ)
    assert outcome.exit_code == 0, outcome.output
    log = (project.folder / "logs/unit.log").read_text()
    assert secret not in log
    assert "GITHUB_OUTPUT" not in log
    assert "OWN=here" in log
    assert "GITHUB_SHA=kept" in log


def test_a_command_runs_in_its_folder_and_its_paths_are_those_seen_from_there(project: RunProject) -> None:
    command = "cp ../made/junit.xml {junit} && cp ../made/coverage.json {coverage} && pwd"
    project.policy({"unit": {**COPIES, "command": command, "working-directory": "src"}})
    assert project.run().exit_code == 0
    assert (project.folder / "logs/unit.log").read_text().strip() == str(project.root / "src")


def test_without_shell_true_no_shell_runs_a_command(project: RunProject) -> None:
    project.policy({**UNIT, "split": {"command": "echo $HOME 'two words;' > x"}})
    assert project.run().exit_code == 0
    assert (project.folder / "logs/split.log").read_text() == "$HOME two words; > x\n"


def test_a_program_that_is_not_there_is_said_and_its_missing_artifacts_win(project: RunProject) -> None:
    project.policy({**UNIT, "lost": {"command": "no-such-program --x"}})
    outcome = project.run()
    assert outcome.exit_code == 1
    assert "Program 'no-such-program' is not there" in outcome.output
    project.policy({"unit": {"command": "no-such-program {junit}", "artifacts": LEAVES}})
    outcome = project.run()
    assert outcome.exit_code == 3
    assert {"suite-failed", "artifact-missing", "module-not-measured"} <= set(project.codes)
    assert "Program 'no-such-program' is not there" in outcome.output


def test_a_suite_that_fails_is_exit_1_with_its_last_lines_escaped_in_the_summary(project: RunProject) -> None:
    project.policy({**UNIT, "bad": other("printf '%s\\n' first '</details> `x` | ::error::y'; exit 3")})
    assert project.run().exit_code == 1
    summary = (project.folder / "summary.md").read_text()
    assert re.search(r"\| ❌ `bad` \| Ended with exit code 3\. \|.*\| `logs/bad\.log` \|", summary)
    assert re.search(r"\| ✅ `unit` \|", summary)
    assert "The last lines of <code>bad</code>" in summary
    assert summary.count("</details>") == summary.count("<details")
    assert "<code>&lt;/details&gt; &#96;x&#96; &#124; " in summary
    assert "::error" not in summary


def test_a_suite_that_takes_too_long_is_exit_1(project: RunProject) -> None:
    project.policy({**UNIT, "slow": other("echo begun; sleep 60", timeout=1)})
    outcome = project.run()
    assert (outcome.exit_code, project.codes) == (1, ["suite-timeout"])
    assert "was still running after 1 s" in outcome.output


@pytest.mark.parametrize("command", ["exit 1", "sleep 60", "true"])
def test_a_suite_that_does_not_block_decides_nothing(project: RunProject, command: str) -> None:
    tracked = other(command, blocking=False, timeout=1, artifacts={"junit": "junit/tracked.xml"})
    project.policy({**UNIT, "tracked": tracked})
    outcome = project.run()
    assert (outcome.exit_code, project.codes) == (0, [])
    assert "'junit/tracked.xml'" in outcome.output
    if command != "true":
        assert "it does not block" in outcome.output


def test_a_suite_whose_tests_failed_but_that_says_nothing_of_it_fails_all_the_same(
    project: RunProject,
) -> None:
    project.put("made/junit.xml", FAILED_JUNIT)
    assert (project.run().exit_code, project.codes) == (1, ["tests-failed"])


def test_under_a_run_id_that_was_used_nothing_of_the_earlier_run_is_left(project: RunProject) -> None:
    project.put("backend/x.py", "")
    mounted = {**COPIES, "mount": "backend", "artifacts": LEAVES}
    command = "cp made/junit.xml backend/{junit} && cp made/coverage.json backend/{coverage}"
    project.policy({"unit": {**mounted, "command": f"{command} && touch {{run_dir}}/extra.txt"}})
    assert project.run().exit_code == 0, project.verdict
    assert (project.folder / "extra.txt").exists()
    below = project.root / "backend/artifacts/coverage-gate/r"
    assert (below / "junit/unit.xml").exists()
    project.policy({"unit": {**mounted, "command": "true"}})
    outcome = project.run()
    assert (outcome.exit_code, set(project.codes)) == (3, NOTHING_LEFT)
    assert not (project.folder / "extra.txt").exists()
    assert [path for path in below.rglob("*") if path.is_file()] == []
    assert project.verified() == "sound"


def test_a_report_that_only_an_earlier_run_wrote_elsewhere_is_stale(project: RunProject) -> None:
    project.policy({"unit": other("cp made/junit.xml {junit}", artifacts={"junit": "junit/unit.xml"})})
    (project.root / "out").mkdir()
    os.utime(project.measure({"src/wallet/core.py": (9, 10, (1, 2))}), (0, 1_700_000_000))
    outcome = project.run("--coverage-files", "out/coverage.json")
    assert outcome.exit_code == 3
    assert "artifact-stale" in project.codes


def test_patterns_of_the_policy_stand_for_what_its_suites_leave(project: RunProject) -> None:
    # As a policy has them that is made for another artifacts-dir, or for artifacts fetched from a mount.
    document = json.loads((project.root / ".github/coverage-gate.yml").read_text())
    document["coverage-files"] = ["artifacts/confidence/*/coverage/*.json"]
    project.put(".github/coverage-gate.yml", json.dumps(document))
    assert project.run().exit_code == 0
    for elsewhere in ("artifacts/confidence/*/reports/*.json", "frontend/coverage/unit.json"):
        document["coverage-files"] = [elsewhere]
        project.put(".github/coverage-gate.yml", json.dumps(document))
        assert (project.run().exit_code, project.codes) == (3, ["artifact-missing"])


RETRIED = "n=$(cat made/n); echo $((n + 1)) > made/n; echo attempt $n"


def test_the_first_attempts_evidence_does_not_count_and_its_log_is_kept(project: RunProject) -> None:
    project.put("made/n", "1")
    project.put("made/junit1.xml", FAILED_JUNIT)
    project.put("made/junit2.xml", (project.root / "made/junit.xml").read_text())
    command = f"{RETRIED}; cp made/junit$n.xml {{junit}}; cp made/coverage.json {{coverage}}; [ $n = 2 ]"
    project.policy({"unit": {**COPIES, "command": command, "retries": 2}})
    outcome = project.run()
    assert outcome.exit_code == 0, outcome.output
    assert (project.folder / "logs/unit.attempt-1.log").read_text() == "attempt 1\n"
    assert (project.folder / "logs/unit.log").read_text() == "attempt 2\n"
    assert "suite 'unit' passed at its second attempt only" in outcome.output
    assert project.verdict["tests"]["failed"] == 0
    assert project.verified() == "sound"


def test_what_only_a_failed_attempt_left_is_missing(project: RunProject) -> None:
    project.put("made/n", "1")
    command = f"{RETRIED}; [ $n = 2 ] || {{ {COPIES['command']}; exit 1; }}".replace("}}", "}")
    project.policy({"unit": {**COPIES, "command": command, "retries": 1}})
    assert (project.run().exit_code, set(project.codes)) == (3, NOTHING_LEFT)


def test_a_failed_attempt_cannot_have_files_removed_through_a_link(project: RunProject) -> None:
    precious = project.put("elsewhere/unit.xml", "precious")
    command = "rmdir {run_dir}/junit && ln -s ../../../elsewhere {run_dir}/junit; exit 1"
    project.policy({"unit": {**COPIES, "command": command, "retries": 1}})
    outcome = project.run()
    assert outcome.exit_code == 3
    assert precious.read_text() == "precious"
    assert "so it was not run again" in outcome.output


def test_of_a_tier_only_the_suites_asked_for_are_run_and_that_is_said(project: RunProject) -> None:
    project.policy({**UNIT, "rest": other("touch ran; exit 1", artifacts={"junit": "junit/rest.xml"})})
    outcome = project.run("--only", "unit")
    assert outcome.exit_code == 0
    assert "this is no run of the whole tier" in outcome.output
    assert not (project.root / "ran").exists()
    outcome = project.run("--only", "unti")
    assert outcome.exit_code == 2
    assert "(it has: unit, rest)" in outcome.output


def test_after_a_failure_fail_fast_begins_no_other_and_names_those_left(project: RunProject) -> None:
    project.policy({"bad": other("exit 1"), **UNIT, "rest": other("touch ran")})
    outcome = project.run("--fail-fast")
    assert outcome.exit_code == 3  # what the others were to leave is missing
    assert not (project.root / "ran").exists()
    assert project.codes.count("suite-failed") == 3
    assert "suite 'rest' was not begun: a blocking suite had failed" in outcome.output
    assert project.verified() == "sound"


def test_a_dry_run_shows_the_commands_and_runs_nothing(project: RunProject) -> None:
    project.policy({**UNIT, "rest": other(["touch", "ran"], timeout="2m", **AFTER_UNIT)})
    outcome = project.run("--dry-run", "--timeout", "30m")
    assert outcome.exit_code == 0
    assert "unit (in ., 1800 s at most): /bin/sh -c 'cp made/junit.xml" in outcome.stdout
    assert "leaves coverage: artifacts/coverage-gate/r/coverage/unit.json" in outcome.stdout
    assert "rest (in ., 120 s at most, after unit): touch ran" in outcome.stdout
    assert not (project.root / "ran").exists()
    assert not (project.root / "artifacts").exists()


def test_suites_run_beside_each_other_but_for_those_that_wait(project: RunProject) -> None:
    project.put("pipes/x", "")
    os.mkfifo(project.root / "pipes/meet")
    project.policy(
        {
            **UNIT,
            # Neither end of a pipe opens without the other.
            "left": other("echo hello > pipes/meet; touch left-ended", timeout=30),
            "right": other("cat < pipes/meet", timeout=30),
            "last": other("test -e left-ended && cat made/junit.xml", after=["left", "right"]),
        }
    )
    outcome = project.run("--jobs", "2")
    assert outcome.exit_code == 0, outcome.output
    assert (project.folder / "logs/right.log").read_text() == "hello\n"


FLAKY = (
    "n=$(cat made/n); echo $((n + 1)) > made/n; cp made/junit.xml {junit}; cp made/coverage$n.json {coverage}"
)


def flaky(project: RunProject, *branches: int) -> None:
    for number, covered in enumerate(branches, 1):
        project.measure({"src/wallet/core.py": (9, 10, (covered, 4))}, name=f"made/coverage{number}.json")
    project.put("made/n", "1")
    project.policy({"unit": {**COPIES, "command": FLAKY}})


def test_repeated_runs_are_compared_and_a_branch_that_flips_is_named(project: RunProject) -> None:
    flaky(project, 3, 2, 3)
    project.commit()
    outcome = project.run("--repeat", "3", "--json")
    assert outcome.exit_code == 1
    assert outcome.json["exit_code"] == 1
    assert [reason["code"] for reason in outcome.json["reasons"]] == ["unstable"]
    assert "branch 1 → 4 taken in r-1, r-3, not in r-2" in outcome.json["reasons"][0]["message"]
    assert [project.verified(f"r-{number}") for number in (1, 2, 3)] == ["sound"] * 3
    # Each run by itself passed.
    assert project.evidence("r-3", "verdict.json")["verdict"] == "passed"
    assert project.evidence("latest", "verdict.json")["run_id"] == "r-3"


def test_a_run_that_failed_fails_all_and_is_what_github_is_told(project: RunProject) -> None:
    flaky(project, 4, 1, 4)
    project.commit()
    summary = project.root / "summary"
    outcome = project.run("--repeat", "3", "--publish", "off", GITHUB_STEP_SUMMARY=str(summary))
    assert outcome.exit_code == 1
    assert "in run 'r-2': module 'wallet': branch coverage is 25.00 %" in outcome.output
    assert "In run `r-2`: module `wallet`: branch coverage is 25.00 %" in summary.read_text()


def test_runs_that_agree_pass_also_where_the_tier_asks_for_two_of_them(project: RunProject) -> None:
    flaky(project, 3, 3)
    # The same bytes twice would be one execution judged twice.
    junit = 'sed "s/time=\\"0.1\\"/time=\\"0.$n\\"/" made/junit.xml > {junit}'
    project.policy(
        {"unit": {**COPIES, "command": FLAKY.replace("cp made/junit.xml {junit}", junit)}},
        **{"consecutive-runs": 2},
    )
    project.commit()
    outcome = project.run("--repeat", "2")
    assert outcome.exit_code == 0, outcome.output
    assert project.evidence("r-1", "verdict.json")["exit_code"] == 1


def test_only_some_suites_repeated_pass(project: RunProject) -> None:
    project.policy({**UNIT, "rest": other("false")})
    project.commit()
    assert project.run("--repeat", "2", "--only", "unit").exit_code == 0


def test_stdout_holds_the_verdict_alone(project: RunProject) -> None:
    project.policy({"unit": {**COPIES, "command": f"echo noise; {COPIES['command']}"}})
    outcome = project.run("--json", GITHUB_ACTIONS="true", CI="true")
    assert outcome.json == project.verdict
    assert "suite unit" in outcome.stderr


HOSTILE = "printf '%s\\n' '::error::a' '  ::set-output name=verdict::passed' 'x ##[error]b' ::endgroup::"


def test_in_ci_each_suites_output_is_a_group_and_no_command_in_it_survives(project: RunProject) -> None:
    project.policy({**UNIT, "loud": other(HOSTILE)})
    outcome = project.run(GITHUB_ACTIONS="true", CI="true")
    lines = outcome.stdout.splitlines()
    commands = [line for line in lines if line.lstrip().startswith("::") or "##[" in line]
    assert [line.partition(" suite ")[2].split()[0] for line in commands if "::group::" in line] == [
        "unit",
        "loud",
    ]
    assert [line for line in commands if not line.startswith(("::group::✓ suite", "::endgroup::"))] == []
    assert commands.count("::endgroup::") == 2
    begins = next(number for number, line in enumerate(lines) if line.startswith("::group::✓ suite loud"))
    assert "error" in lines[begins + 1]


@pytest.mark.parametrize("laid", ["mkfifo", "ln -s /proc/self/environ"])
def test_a_suite_that_replaces_its_log_neither_stops_the_gate_nor_shows_what_is_not_its(
    project: RunProject, laid: str
) -> None:
    command = f"rm {{run_dir}}/logs/odd.log; {laid} {{run_dir}}/logs/odd.log"
    project.policy({**UNIT, "odd": other(command)})
    outcome = project.run(GITHUB_ACTIONS="true", CI="true", HIDDEN="not-to-be-seen")
    assert outcome.exit_code == 0, outcome.output
    assert "not-to-be-seen" not in outcome.output


def test_500_megabytes_of_output_do_not_grow_the_gates_memory(project: RunProject) -> None:
    project.policy(
        {**UNIT, "loud": other("yes 0123456789012345678901234567890123456789 | head -c 524288000")}
    )
    measured = (
        "import os, resource, subprocess, sys;"
        "code = subprocess.call([sys.executable, '-m', 'gate', 'run', '--tier', 't', '--run-id', 'r']);"
        "print('peak', code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", measured], cwd=project.root, capture_output=True, text=True, check=True
    )
    code, peak = map(int, done.stdout.split("peak ")[1].split())
    assert code == 0, done
    assert peak * 1024 < 100 << 20
    assert (project.folder / "logs/loud.log").stat().st_size == 524_288_000
    (project.folder / "logs/loud.log").unlink()


def test_a_suite_cannot_change_the_policy_that_it_is_judged_by(project: RunProject) -> None:
    lenient = 'sed -i \'s/"line": 80/"line": 1/\' .github/coverage-gate.yml'
    project.measure({"src/wallet/core.py": (5, 10, (1, 2))}, name="made/coverage.json")
    project.policy({"unit": {**COPIES, "command": f"{lenient}; {COPIES['command']}"}})
    assert (project.run().exit_code, project.codes) == (1, ["below-line-threshold"])


def test_two_suites_that_leave_one_path_are_refused(project: RunProject) -> None:
    project.policy({"unit": COPIES, "again": other("true", artifacts={"junit": "junit/unit.xml"})})
    outcome = project.run()
    assert outcome.exit_code == 2
    assert "suites 'unit' and 'again' both leave 'junit/unit.xml'" in outcome.output


@pytest.mark.parametrize("timeout", ["0", "-1", "soon", "1.5h", "8d", "700000", "", "30 m"])
def test_a_timeout_that_is_none_is_refused(project: RunProject, timeout: str) -> None:
    outcome = project.run("--timeout", timeout)
    assert outcome.exit_code == 2
    assert "--timeout" in outcome.output
    assert not (project.root / "artifacts").exists()


def test_the_run_is_named_by_time_and_tier(project: RunProject) -> None:
    assert project.gate("run", "--tier", "t").exit_code == 0
    names = sorted(path.name for path in (project.root / "artifacts/coverage-gate").iterdir())
    assert re.fullmatch(r"\d{8}T\d{6}Z-t", names[0])
    assert names[1:] == ["latest"]
