"""The second stage: what the run of a fork's pull request found is published by a run of our own.

The first run's token only reads, and its code is the fork's. So GitHub is asked which pull request it
belongs to, its artifact is read as something that may be forged, the comment is drawn here from checked
values, and no check is set: https://docs.github.com/actions/reference/security/secure-use
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from gate.errors import UnreadableArtifact
from gate.inputs import Inputs
from gate.output import Log
from gate.publish import workflow
from gate.publish.archive import member
from gate.publish.artifact import archive_of
from gate.publish.client import Connection, Failure
from gate.publish.model import PATIENT, UNPUBLISHED, CommentRequest, Target
from gate.publish.outputs import outputs_of
from gate.publish.problems import Subject, sentence
from gate.publish.pull_requests import candidates, pull_request
from gate.publish.refusal import NothingToDo, Refused
from gate.publish.resolve import Run, check_usage, choose, run_of
from gate.publish.sticky import publish_comment
from gate.render.markdown import Links, Reporter, marker, render_reported_comment, render_reported_summary
from gate.text import one_line, without_commands
from gate.verdict import Verdict
from gate.verdict_check import checked_verdict
from gate.verdict_check_document import MOST_BYTES

VERDICT = "verdict.json"


class Posted(msgspec.Struct, frozen=True):
    """What was published. `url` is None where `comment: on-failure` had nothing to tell."""

    verdict: Verdict
    run: Run
    number: int
    url: str | None


def publish_run(inputs: Inputs, log: Log) -> int:
    """Publish the run that the event is about, or say why not; return the exit code. Raises UsageError."""
    check_usage(inputs.runner, inputs.workflow)
    try:
        posted = _post(inputs)
    except NothingToDo as nothing:
        _tell(inputs, log, None, nothing.why, warn=False)
        return 0
    except Refused as refused:
        _tell(inputs, log, None, refused.why, warn=True)
        return UNPUBLISHED if inputs.publish == "required" else 0
    what = "the comment is up to date" if posted.url else "it passed, and there is no comment to update"
    _tell(inputs, log, posted, f"pull request {posted.number}: {what}", warn=False)
    return 0


def _post(inputs: Inputs) -> Posted:
    """The whole line. Raises Refused, NothingToDo."""
    if inputs.publish == "off" or inputs.comment == "never":
        raise NothingToDo("`publish: off` or `comment: never` says so")
    runner = inputs.runner
    run = run_of(runner, inputs.workflow)
    if not runner.token:
        raise Refused("there is no token; pass `github-token`")
    target = Target(
        repository=runner.repository,
        api_url=runner.api_url,
        pull_request=None,
        head_sha=run.head_sha,
        token=runner.token,
        details_url=None,
    )
    patience = msgspec.structs.replace(PATIENT, in_all=float(inputs.publish_seconds))
    pulls = Subject("the comment", f"pull request of {runner.repository}", "pull-requests: write")
    artifacts = Subject("the comment", f"artifact of run {run.id} of {runner.repository}", "actions: read")
    with _failing_as(pulls), Connection(target, patience) as connection:
        number = choose(run, candidates(connection, run))
        with _failing_as(artifacts):
            archive = archive_of(connection, run, inputs.artifact_name, patience)
        verdict = _verdict(archive, run)
        request = _request(inputs, verdict, run)
        # Again, and last: while all this was read, a push may have made the run an old one.
        choose(run, [pull_request(connection, number)])
        return Posted(verdict, run, number, publish_comment(connection, number, request))


@contextmanager
def _failing_as(subject: Subject) -> Iterator[None]:
    """Turn a failure into a sentence about what was asked."""
    try:
        yield
    except Failure as failure:
        raise Refused(sentence(subject, failure).rstrip(".")) from None


def _verdict(archive: bytes, run: Run) -> Verdict:
    try:
        return checked_verdict(member(archive, VERDICT, MOST_BYTES), run.head_sha)
    except UnreadableArtifact as error:
        raise Refused(str(error)) from None


def _request(inputs: Inputs, verdict: Verdict, run: Run) -> CommentRequest:
    return CommentRequest(
        marker=marker(inputs.comment_key),
        body=render_reported_comment(verdict, _links(inputs, run), _reporter(run), key=inputs.comment_key),
        create=inputs.comment == "always" or verdict.verdict != "passed",
    )


def _links(inputs: Inputs, run: Run) -> Links:
    """To the head commit, as GitHub names it: the commit that the verdict says it measured may be any."""
    return Links(inputs.runner.server_url, inputs.runner.repository, run.head_sha, str(run.id))


def _reporter(run: Run) -> Reporter:
    return Reporter(run.of_fork)


def _tell(inputs: Inputs, log: Log, posted: Posted | None, said: str, *, warn: bool) -> None:
    """The log, the job summary and the outputs."""
    runner = inputs.runner
    line = without_commands(one_line(said, 1000))
    if posted is None:
        summary = f"### Module coverage: nothing was published\n\n    {line}\n"
        line = f"nothing was published: {line}"
    else:
        summary = render_reported_summary(posted.verdict, _links(inputs, posted.run), _reporter(posted.run))
    warnings = [line] if warn else []
    if (summary_file := runner.summary_file) is not None:
        warnings += workflow.tried("job summary", lambda: workflow.append_summary(summary_file, summary))
    if (output_file := runner.output_file) is not None:
        outputs = outputs_of(posted.verdict, comment_url=posted.url) if posted else outputs_of(None)
        warnings += workflow.tried("outputs", lambda: workflow.write_outputs(output_file, outputs))
    if not warn:
        log(line)
    for warning in warnings:
        log(workflow.warning_command(warning) if runner.in_actions else f"warning: {warning}")
