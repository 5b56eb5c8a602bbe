"""What a check looks for: what the policy names, what the tier's suites leave, and how much there must be."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fnmatch import fnmatchcase
from pathlib import Path

import msgspec

from gate.evidence.globs import expand, normal
from gate.evidence.index import Artifact, Kind, Status
from gate.evidence.locate import Located, Place, locate, locate_left, looked_for
from gate.policy.resolved import Expectation, Policy, SuiteArtifact
from gate.text import as_utf8, quoted

_KINDS = {"logs": Kind.LOG, "traces": Kind.TRACE}


class Want(msgspec.Struct, frozen=True):
    """One thing that is expected, by the name that the policy has for it, and the files that were found.

    `why_missing` continues "the artifact …" where there is none.
    """

    name: str
    located: tuple[Located, ...]
    why_missing: str


def kind_of(word: str) -> Kind:
    """The index's kind for a kind of the policy."""
    try:
        return _KINDS.get(word) or Kind(word)
    except ValueError:
        return Kind.OTHER


def wanted(policy: Policy, place: Place, *, ran: bool = False) -> dict[Kind, tuple[Want, ...]]:
    """What is expected of this run, by kind: the policy's patterns first, then what suites leave.

    Where the suites `ran` for this check, a pattern of the policy that finds nothing stands for what they
    leave if it fits that: their run's folder is named anew each time, and below a mount it lies elsewhere.
    """
    coverage = policy.coverage_files if policy.tier.coverage != "off" else ()
    wants = {
        Kind.COVERAGE: [_named(pattern, place) for pattern in coverage],
        Kind.JUNIT: [_named(pattern, place) for pattern in policy.junit_files],
    }
    named = {kind: tuple(some) for kind, some in wants.items()}
    for artifact in policy.expected:
        kind = kind_of(artifact.kind)
        if not _is_among(artifact.path, named.get(kind, ())):
            left = _left(artifact, place)
            own = wants.setdefault(kind, [])
            if ran and left.located:
                own[:] = [one for one in own if one.located or not _fits(one.name, artifact.path, place)]
            own.append(left)
    return {kind: tuple(some) for kind, some in wants.items()}


def unmet(
    expectations: Iterable[Expectation], artifacts: Iterable[Artifact], told: Collection[str]
) -> tuple[Artifact, ...]:
    """What `expect` pins and is not there, as artifacts that are missing, or stale where there are too many.

    Of files that tell their time (`told`, by path), two of the same bytes are one: a copy is no other shard.
    """
    found = [artifact for artifact in artifacts if artifact.status is not Status.MISSING]
    lacking: list[Artifact] = []
    for expectation in expectations:
        kind = kind_of(expectation.kind)
        own = [artifact for artifact in found if artifact.kind is kind]
        if expectation.count is not None:
            lacking += _uncounted(kind, expectation.count, own, told)
        lacking += [
            Artifact(
                name=name, kind=kind, status=Status.MISSING, note="is expected, and no file's path ends so"
            )
            for name in expectation.names
            if not any(_ends_with(artifact.source or artifact.name, name) for artifact in own)
        ]
    return tuple(lacking)


def _named(pattern: str, place: Place) -> Want:
    return Want(as_utf8(pattern), locate(pattern, place), _why_missing(pattern, place))


def _left(artifact: SuiteArtifact, place: Place) -> Want:
    return Want(
        artifact.path,
        locate_left(artifact.path, artifact.mount, place),
        f"suite {quoted(artifact.suite)} leaves it, and it is not at "
        f"{looked_for(artifact.path, artifact.mount, place)}",
    )


def _fits(pattern: str, path: str, place: Place) -> bool:
    """Whether a pattern is a run's folder, by its name or by a wildcard, and below it fits the path."""
    parts, end = pattern.split("/"), path.split("/")
    folder, rest = parts[: -len(end)], parts[-len(end) :]
    if not folder or not all(map(fnmatchcase, end, rest)):
        return False
    return "*" in folder or normal(place.workspace / "/".join(folder)) in place.run_folders


def _is_among(path: str, wants: Iterable[Want]) -> bool:
    """Whether a suite's artifact is found by one of the policy's own patterns."""
    return any(f"/{one.source}".endswith(f"/{path}") for want in wants for one in want.located)


def _uncounted(kind: Kind, count: int, own: list[Artifact], told: Collection[str]) -> list[Artifact]:
    different = {
        artifact.sha256 if artifact.path in told else (artifact.path, artifact.source) for artifact in own
    }
    name = f"{count} {kind.value} artifacts" if count > 1 else f"1 {kind.value} artifact"
    if len(different) > count:
        note = (
            f"{len(different)} are there where `expect` pins {count}: remove what is left over, or correct it"
        )
        return [Artifact(name=name, kind=kind, status=Status.STALE, note=note)]
    twice = "" if len(different) == len(own) else f" ({len(own)} files, some of them copies of another)"
    note = f"`expect` pins {count}, and {len(different)} are there{twice}: see which shard did not deliver"
    lacking = Artifact(name=name, kind=kind, status=Status.MISSING, note=note)
    return [lacking] * (count - len(different))


def _ends_with(source: str, name: str) -> bool:
    """Whether a path ends with a glob, at a path boundary; `*` stays within a name."""
    parts, wanted_parts = source.split("/"), name.strip("/").split("/")
    ends = parts[-len(wanted_parts) :]
    return len(ends) == len(wanted_parts) and all(map(fnmatchcase, ends, wanted_parts))


def _why_missing(pattern: str, place: Place) -> str:
    if expand(pattern, place.workspace):
        return "only files in evidence folders of other runs are there, which prove nothing of this one"
    if Path(pattern).is_absolute() and not Path(pattern).is_relative_to(place.workspace):
        return (
            f"nothing is there; the workspace is {place.workspace} here, so a path relative to it "
            "is safer than an absolute one"
        )
    return "nothing is there"
