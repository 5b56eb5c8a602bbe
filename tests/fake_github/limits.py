"""What GitHub answers 422 to and its description does not say, or says in words only: mostly lengths."""

from __future__ import annotations

from typing import Any

from .values import ApiError

COMMENT_BODY = 65_536
STATUS_DESCRIPTION = 140
CHECK_OUTPUT = 65_535
ANNOTATIONS_PER_REQUEST = 50
ANNOTATION_TITLE = 255
ANNOTATION_BYTES = 64 * 1024


def check_comment(body: str) -> None:
    """A comment's text: some, and at most 65,536 characters."""
    if not body.strip():
        raise ApiError(422, "Validation Failed", [_complaint("IssueComment", "body", "missing_field")])
    if len(body) > COMMENT_BODY:
        message = f"Body is too long (maximum is {COMMENT_BODY} characters)"
        complaint = _complaint("IssueComment", "data", "unprocessable", message)
        raise ApiError(422, "Validation Failed", [complaint])


def check_status(description: str | None) -> None:
    """A status's description: at most 140 characters."""
    if description is not None and len(description) > STATUS_DESCRIPTION:
        message = f"description is too long (maximum is {STATUS_DESCRIPTION} characters)"
        raise ApiError(422, "Validation Failed", [_complaint("Status", "description", "custom", message)])


def check_conclusion(body: dict[str, Any]) -> None:
    """A check run that is over says how it ended: the description says so in words only."""
    if (body.get("status") == "completed" or "completed_at" in body) and "conclusion" not in body:
        raise _invalid("A completed check run needs a conclusion.")


def check_output(output: dict[str, Any]) -> None:
    """A check run's output: summary and text, the number of annotations and their own lengths."""
    for part in ("summary", "text"):
        if (length := len(output.get(part) or "")) > CHECK_OUTPUT:
            raise _invalid(f"Only {CHECK_OUTPUT} characters are allowed; {length} were supplied.")
    annotations = output.get("annotations", [])
    if (count := len(annotations)) > ANNOTATIONS_PER_REQUEST:
        raise _invalid(f"No more than {ANNOTATIONS_PER_REQUEST} items are allowed; {count} were supplied.")
    for annotation in annotations:
        if len(annotation.get("title", "")) > ANNOTATION_TITLE:
            raise _invalid(f"title is too long (maximum is {ANNOTATION_TITLE} characters)")
        for part in ("message", "raw_details"):
            if len(annotation.get(part, "").encode()) > ANNOTATION_BYTES:
                raise _invalid(f"{part} exceeds a maximum bytesize of {ANNOTATION_BYTES}")


def _complaint(resource: str, field: str, code: str, message: str | None = None) -> dict[str, str]:
    complaint = {"resource": resource, "field": field, "code": code}
    return complaint if message is None else complaint | {"message": message}


def _invalid(message: str) -> ApiError:
    return ApiError(422, f"Invalid request.\n\n{message}")
