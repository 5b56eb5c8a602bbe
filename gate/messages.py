"""A verdict as what is to be published of it: the comment and the check."""

from __future__ import annotations

from typing import Literal

from gate.check import Checked
from gate.evidence.files import read_from
from gate.inputs import Inputs
from gate.publish.model import CheckRequest, CommentRequest
from gate.render.markdown import marker, render_check, render_comment, status_description
from gate.verdict import Verdict


def comment_request(inputs: Inputs, checked: Checked) -> tuple[CommentRequest | None, tuple[str, ...]]:
    """The comment, if there is to be one, and warnings about the user's template for it.

    `on-failure` still updates a comment that told of an earlier failure.
    """
    if inputs.comment == "never":
        return None, ()
    body, warnings = _body(inputs, checked)
    create = inputs.comment == "always" or checked.verdict.verdict != "passed"
    return CommentRequest(marker=marker(inputs.comment_key), body=body, create=create), warnings


def _body(inputs: Inputs, checked: Checked) -> tuple[str, tuple[str, ...]]:
    key = inputs.comment_key
    warnings: tuple[str, ...] = ()
    if inputs.comment_template:
        from gate.render.user_template import BrokenTemplate, render_user_comment  # noqa: PLC0415 - rare

        try:
            source = read_from(inputs.workspace, inputs.comment_template).decode()
            return render_user_comment(source, checked.verdict, checked.links, key=key), ()
        except BrokenTemplate as error:
            warnings = (f"the comment template {error}; the built-in one is used",)
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or str(error)
            warnings = (f"the comment template cannot be read ({why}); the built-in one is used",)
    return render_comment(checked.verdict, checked.links, key=key), warnings


def check_request(inputs: Inputs, checked: Checked) -> CheckRequest | None:
    """The check run or commit status, if there is to be one."""
    if inputs.check == "none":
        return None
    text = render_check(checked.verdict, checked.links)
    return CheckRequest(
        kind="status" if inputs.check == "status" else "check-run",
        name=inputs.check_name,
        conclusion=conclusion(checked.verdict),
        title=text.title,
        summary=text.summary,
        description=status_description(checked.verdict),
        external_id=f"{inputs.comment_key}:{inputs.run_id}",
    )


def conclusion(verdict: Verdict) -> Literal["success", "failure", "neutral"]:
    """The check's conclusion: neutral where the tier only reports, which a required check lets pass."""
    if verdict.verdict == "passed":
        return "success"
    return "failure" if verdict.exit_code else "neutral"
