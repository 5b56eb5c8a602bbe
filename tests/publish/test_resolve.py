"""Which pull request a run belongs to: a decision on values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.publish.artifact import Artifact, chosen
from gate.publish.refusal import NothingToDo, Refused, Unpublished
from gate.publish.resolve import Run, choose
from gate.workflow_run import PullRequest, Repository, Side

RUN = Run(
    id=7,
    repository_id=1,
    head_sha="a" * 40,
    head_repository_id=2,
    head="mallory:changes",
    numbers=(),
    started="2026-11-01T10:00:00Z",
)

_sides = st.none() | st.builds(
    Side,
    st.sampled_from(["a" * 40, "b" * 40, None]),
    st.none() | st.builds(Repository, st.sampled_from([1, 2, 3, None])),
)
_pulls = st.lists(
    st.builds(PullRequest, st.integers(1, 9), st.sampled_from(["open", "closed", None]), _sides, _sides),
    max_size=4,
)


def pull(
    number: int, *, sha: str = "a" * 40, state: str = "open", head: int = 2, base: int = 1
) -> PullRequest:
    return PullRequest(number, state, Side(sha, Repository(head)), Side("c" * 40, Repository(base)))


def fits(one: PullRequest) -> bool:
    """The conditions of the platform's own fields, one by one."""
    return (
        one.state == "open"
        and one.head is not None
        and one.head.sha == RUN.head_sha
        and one.head.repo is not None
        and one.head.repo.id == RUN.head_repository_id
        and one.base is not None
        and one.base.repo is not None
        and one.base.repo.id == RUN.repository_id
    )


@given(_pulls)
def test_one_is_chosen_exactly_where_one_alone_meets_every_condition(pulls: list[PullRequest]) -> None:
    fitting = [one.number for one in pulls if fits(one)]
    try:
        assert [choose(RUN, pulls)] == fitting
    except Unpublished as why:
        assert len(fitting) != 1
        assert why.why.isprintable()


@given(_pulls, st.integers(10, 99))
def test_others_beside_it_never_change_which_one_is_meant(pulls: list[PullRequest], number: int) -> None:
    others = [one for one in pulls if not fits(one)]
    assert choose(RUN, [*others, pull(number), *others]) == number


def test_a_pull_request_that_moved_on_is_told_from_one_that_is_anothers() -> None:
    with pytest.raises(NothingToDo, match="pull request 4 has moved on from commit aaaaaaaaaaaa"):
        choose(RUN, [pull(4, sha="b" * 40)])
    with pytest.raises(Refused, match="pull request 4 is not from the run's head repository"):
        choose(RUN, [pull(4, head=3)])
    with pytest.raises(Refused, match="is not from the run's head repository into this one"):
        choose(RUN, [pull(4, base=3)])
    with pytest.raises(NothingToDo, match="no open pull request has the head 'mallory:changes'"):
        choose(RUN, [pull(4, state="closed")])


def artifact(number: int, created: str | None, *, name: str = "e", expired: bool = False) -> Artifact:
    return Artifact(number, name, 10, expired, None, created)


EARLIER, LATER, LAST = "2026-11-01T09:00:00Z", "2026-11-01T10:05:00Z", "2026-11-01T10:06:00Z"


def test_an_attempt_that_uploaded_nothing_leaves_what_the_one_before_it_did() -> None:
    assert chosen([artifact(1, EARLIER)], "e", RUN.started).id == 1


def test_of_two_attempts_the_last_ones_artifact_counts_in_any_order() -> None:
    for listed in ([artifact(1, EARLIER), artifact(2, LATER)], [artifact(2, LATER), artifact(1, EARLIER)]):
        assert chosen(listed, "e", RUN.started).id == 2


@pytest.mark.parametrize(
    "artifacts",
    [
        [],
        [artifact(1, LATER, name="E")],
        [artifact(1, LATER, expired=True)],
        [artifact(1, LATER), artifact(2, LAST)],
        [artifact(1, EARLIER), artifact(2, EARLIER)],
        [artifact(1, None), artifact(2, None)],
    ],
)
def test_none_and_more_than_one_are_refused(artifacts: list[Artifact]) -> None:
    with pytest.raises(Refused):
        chosen(artifacts, "e", RUN.started)
