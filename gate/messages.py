"""A verdict as what is to be published of it: the comment and the check."""

from __future__ import annotations

from typing import Literal

from gate.check import Checked
from gate.evidence.files import read_from
from gate.inputs import Inputs
from gate.publish.annotations import check_annotations
from gate.publish.model import CheckRequest, CommentRequest, SharedPart
from gate.render.markdown import (
    marker,
    render_check,
    render_comment,
    render_part_cut,
    status_description,
)
from gate.render.past import past_of
from gate.verdict import Verdict


def comment_request(inputs: Inputs, checked: Checked) -> tuple[CommentRequest | None, tuple[str, ...]]:
    """The comment, if there is to be one, and warnings about the user's template for it.

    `on-failure` still updates a comment that told of an earlier failure.
    """
    if inputs.comment == "never":
        return None, ()
    verdict, links = checked.verdict, checked.links
    template, warnings = _users_template(inputs, checked)

    def after(earlier: str | None) -> str:
        past = past_of(verdict, earlier)
        return render_comment(verdict, links, key=inputs.comment_key, part=inputs.comment_part, past=past)

    request = CommentRequest(
        marker=marker(inputs.comment_key),
        body=after(None) if template is None else template,
        create=inputs.comment == "always" or verdict.verdict != "passed",
        after=after if template is None else None,
        part=_part(inputs, checked),
    )
    return request, warnings


def _part(inputs: Inputs, checked: Checked) -> SharedPart | None:
    """The part of a comment that legs share, where this leg has one."""
    if not inputs.comment_part:
        return None
    verdict = checked.verdict
    commit = verdict.head_sha or verdict.commit
    return SharedPart(inputs.comment_part, commit, render_part_cut(checked.links))


def _users_template(inputs: Inputs, checked: Checked) -> tuple[str | None, tuple[str, ...]]:
    """What a user's template makes of it; None where there is none or it cannot be used."""
    key = inputs.comment_key
    if inputs.comment_template:
        from gate.render.user_template import BrokenTemplate, render_user_comment  # noqa: PLC0415 - rare

        try:
            source = read_from(inputs.workspace, inputs.comment_template).decode()
            body = render_user_comment(source, checked.verdict, checked.links, key=key)
            return body.removeprefix(f"{marker(key)}\n") if inputs.comment_part else body, ()
        except BrokenTemplate as error:
            return None, (f"the comment template {error}; the built-in one is used",)
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or str(error)
            return None, (f"the comment template cannot be read ({why}); the built-in one is used",)
    return None, ()


def check_request(inputs: Inputs, checked: Checked) -> CheckRequest | None:
    """The check run or commit status, if there is to be one."""
    if inputs.check == "none":
        return None
    on_check_run = inputs.check == "check-run"
    annotations, left_out = (
        check_annotations(checked.verdict) if on_check_run and inputs.annotations else ((), 0)
    )
    text = render_check(checked.verdict, checked.links, annotations_left_out=left_out)
    return CheckRequest(
        kind="check-run" if on_check_run else "status",
        name=inputs.check_name,
        conclusion=conclusion(checked.verdict),
        title=text.title,
        summary=text.summary,
        description=status_description(checked.verdict),
        external_id=":".join(filter(None, (inputs.comment_key, inputs.comment_part, inputs.run_id))),
        annotations=annotations,
    )


def conclusion(verdict: Verdict) -> Literal["success", "failure", "neutral"]:
    """The check's conclusion: neutral where the tier only reports, which a required check lets pass."""
    if verdict.verdict == "passed":
        return "success"
    return "failure" if verdict.exit_code else "neutral"
