"""The image under the runner's own command line."""

from __future__ import annotations

import json

from tests.project import Project

from .confinement import alone
from .runner import Runner

_PRINT_ENVIRONMENT = "import json, os; print(json.dumps(dict(os.environ)))"


def test_inputs_reach_the_process_with_dashes_and_when_empty(runner: Runner) -> None:
    given = {"INPUT_COVERAGE-FILES": "a.json\nb c.json", "INPUT_TIER": "", "INPUT_CHECK-NAME": 'a "b" \\'}

    seen = json.loads(runner.python("-I", "-c", _PRINT_ENVIRONMENT, environment=given).stdout)

    assert {name: value for name, value in seen.items() if name.startswith("INPUT_")} == given


def test_the_working_directory_is_the_workspace_of_another_user(runner: Runner) -> None:
    (runner.workspace / "file").touch()
    code = "import os; print(os.getcwd(), os.getuid(), os.stat('file').st_uid == os.getuid())"

    assert runner.python("-I", "-c", code).stdout == "/github/workspace 0 False\n"


def test_outputs_and_summary_are_read_back(runner: Runner) -> None:
    code = (
        "import os;"
        "open(os.environ['GITHUB_OUTPUT'], 'a').write('modules<<end\\n{\\n}\\nend\\nverdict=passed\\n');"
        "open(os.environ['GITHUB_STEP_SUMMARY'], 'a').write('# Coverage\\n')"
    )

    done = runner.python("-I", "-c", code)

    assert (done.outputs, done.summary) == ({"modules": "{\n}", "verdict": "passed"}, "# Coverage\n")


def test_the_action_starts_on_a_read_only_root_file_system(runner: Runner) -> None:
    assert runner.python("-I", "-c", "open('/app/x', 'w')", read_only=True).stderr.endswith(
        "OSError: [Errno 30] Read-only file system: '/app/x'\n"
    )

    done = runner.run({}, read_only=True)

    # 2, the exit code of a usage error: no policy, no modules. 1 would be the interpreter's own failure.
    assert done.exit_code == 2, done.log
    assert "Traceback" not in done.log


@alone
def test_a_whole_check_needs_no_network_no_capability_no_known_user_and_no_writable_root(
    runner: Runner,
) -> None:
    Project(runner.workspace)

    done = runner.run({"publish": "off"})

    assert done.exit_code == 0, done.log
    assert done.outputs["verdict"] == "passed"
    assert "2 of 2 modules evaluated" in done.summary
