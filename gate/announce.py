"""Telling the runner and GitHub of a verdict: job summary, comment, check, annotations, outputs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from gate.check import Checked
from gate.evidence.folder import VERDICT
from gate.inputs import Inputs
from gate.messages import check_request, comment_request
from gate.publish import workflow
from gate.publish.annotations import STEP_LIMIT, annotation_commands
from gate.publish.model import UNPUBLISHED, Patience, Published, Target
from gate.publish.outputs import outputs_of
from gate.text import one_line, without_commands
from gate.verdict import Verdict

NOTHING_PUBLISHED = Published(None, None, (), ())


def announce(inputs: Inputs, checked: Checked, log: Callable[[str], None]) -> int:
    """Tell everyone who listens; return the exit code. What cannot be told never changes the verdict."""
    runner = inputs.runner
    warnings = [runner.event_problem] if runner.event_problem else []
    if (summary_file := runner.summary_file) is not None:
        # Before the network, which may take as long as the job has left.
        warnings += workflow.tried(
            "job summary", lambda: workflow.append_summary(summary_file, checked.summary)
        )
    published = _publish(inputs, checked)
    warnings += [*published.problems, *published.skipped]
    if (output_file := runner.output_file) is not None:
        outputs = _outputs(inputs, checked, published)
        warnings += workflow.tried("outputs", lambda: workflow.write_outputs(output_file, outputs))
    _log(inputs, checked.verdict, warnings, log, annotated=published.annotated > 0)
    unpublished = inputs.publish == "required" and bool(published.problems)
    return checked.verdict.exit_code or (UNPUBLISHED if unpublished else 0)


def _log(
    inputs: Inputs, verdict: Verdict, warnings: list[str], log: Callable[[str], None], *, annotated: bool
) -> None:
    if not inputs.runner.in_actions:
        for warning in warnings:
            log(without_commands(f"warning: {one_line(warning, 1000)}"))
        return
    for warning in warnings:
        log(workflow.warning_command(warning))
    if inputs.annotations and not annotated:
        # The runner keeps so many warnings of a step, and what went wrong comes first. Those of the check
        # run would show twice.
        for command in annotation_commands(verdict, max(STEP_LIMIT - len(warnings), 0)):
            log(command)


def _publish(inputs: Inputs, checked: Checked) -> Published:
    """Tell GitHub, if that is wanted and possible; the sentences say why not."""
    runner = inputs.runner
    if inputs.publish == "off" or (inputs.comment == "never" and inputs.check == "none"):
        return NOTHING_PUBLISHED
    if not runner.repository:
        missing = ("nothing was published: GITHUB_REPOSITORY does not say where to",)
        return Published(None, None, missing if inputs.publish == "required" else (), ())
    if not runner.token:
        return Published(None, None, ("nothing was published: there is no token; pass `github-token`",), ())

    # Imported here: PyGithub costs 0.3 s and 45 MB, and a check at a desk publishes nothing.
    from gate.publish.github import publish  # noqa: PLC0415

    target = Target(
        repository=runner.repository,
        api_url=runner.api_url,
        pull_request=runner.pull_request,
        head_sha=runner.head_sha,
        token=runner.token,
        details_url=runner.run_url,
        look_up=runner.names_no_pull_request,
    )
    comment, template_warnings = comment_request(inputs, checked)
    patience = Patience(in_all=inputs.publish_seconds)
    published = publish(target, comment, check_request(inputs, checked), patience)
    return msgspec.structs.replace(published, skipped=(*published.skipped, *template_warnings))


def _outputs(inputs: Inputs, checked: Checked, published: Published) -> dict[str, str]:
    folder = _as_seen_outside(checked.folder, inputs.workspace)
    return outputs_of(
        checked.verdict,
        evidence_dir=folder,
        verdict_file=f"{folder}/{VERDICT}",
        comment_url=published.comment_url,
        check_url=published.check_url,
    )


def _as_seen_outside(folder: Path, workspace: Path) -> str:
    """Relative where possible: the container's absolute paths mean nothing to the next step."""
    return folder.relative_to(workspace).as_posix() if folder.is_relative_to(workspace) else str(folder)
