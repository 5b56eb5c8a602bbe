"""A document is cut on whole rows, as little as possible, what is needed least first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gate.render.fit import FULL_ENOUGH, LEAST_NEEDED_FIRST, fitted
from gate.render.gaps import Room
from gate.render.page import Caps

from .texts import patient

ROOM = Room(1, 1)
counts = st.integers(0, 30)
all_caps = st.builds(
    Caps,
    every_module=st.booleans(),
    failing=counts,
    steps=counts,
    files=counts,
    passing=counts,
    notes=counts,
    failing_row=st.just(ROOM),
    passing_row=st.just(ROOM),
    file_row=st.just(ROOM),
)


def drawn(caps: Caps) -> str:
    """A document of a head and a row of two bytes per cap."""
    return "head" + "".join(part[:2] * getattr(caps, part) for part in LEAST_NEEDED_FIRST)


def every_cut(caps: Caps) -> list[Caps]:
    """All caps that give way in order: one row less each, until none are left."""
    found = [caps]
    for part in LEAST_NEEDED_FIRST:
        while getattr(found[-1], part):
            found.append(replace(found[-1], **{part: getattr(found[-1], part) - 1}))
    return found


@patient
@given(
    caps=all_caps, limit=st.integers(4, 3_000), sizes=st.lists(st.integers(1, 300), min_size=30, max_size=30)
)
def test_rows_of_any_length_fill_a_document_to_the_last_percents(
    caps: Caps, limit: int, sizes: list[int]
) -> None:
    def uneven(caps: Caps) -> str:
        return "head" + "".join("x" * sum(sizes[: getattr(caps, part)]) for part in LEAST_NEEDED_FIRST)

    documents = [uneven(cut) for cut in every_cut(caps)]
    best = next(text for text in documents if len(text) <= limit)
    found = fitted(uneven, caps, limit)
    assert found in documents
    assert len(found) <= limit
    assert len(found) == len(best) or len(found) >= FULL_ENOUGH * limit


@patient
@given(caps=all_caps)
def test_failing_modules_give_way_last(caps: Caps) -> None:
    cut = fitted(drawn, caps, len("head") + 2 * caps.failing)
    assert cut == "head" + "fa" * caps.failing


def test_size_is_counted_in_bytes() -> None:
    caps = Caps(
        every_module=False,
        every_report=False,
        failing=9,
        steps=0,
        files=0,
        passing=0,
        notes=0,
        failing_row=ROOM,
        passing_row=ROOM,
        file_row=ROOM,
    )
    assert fitted(lambda caps: "ü" * caps.failing, caps, 10) == "ü" * 5
