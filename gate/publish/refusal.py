"""Why nothing is published of another run."""

from __future__ import annotations


class Unpublished(Exception):  # noqa: N818 - an outcome, always turned into a sentence
    """Nothing is posted. `why` is a sentence without a full stop, with foreign text already quoted."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Refused(Unpublished):
    """What the run says of itself is not to be believed, or cannot be had."""


class NothingToDo(Unpublished):
    """All is well, and there is no place or no need for a comment."""
