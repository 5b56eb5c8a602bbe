"""The archive that a run has uploaded: looked up by name, downloaded within bounds, held against its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from urllib.parse import urlsplit

import msgspec
import requests

from gate.publish.client import SERVER_ERRORS, Connection, Failure
from gate.publish.model import Patience
from gate.publish.refusal import Refused
from gate.publish.resolve import Run
from gate.text import counted, one_line, quoted

MOST_ARCHIVE = 64 << 20
"""Bytes of an archive that is kept in memory."""

_CHUNK = 1 << 16
_OK = 200


class Artifact(msgspec.Struct, frozen=True):
    """An artifact as GitHub lists it. `digest` is `sha256:` and the archive's hash, where there is one."""

    id: int
    name: str
    size_in_bytes: int
    expired: bool
    digest: str | None = None
    created_at: str | None = None


class _Listed(msgspec.Struct, frozen=True):
    artifacts: tuple[Artifact, ...]


def archive_of(connection: Connection, run: Run, name: str, patience: Patience) -> bytes:
    """The archive of the run's one artifact of this name. Raises Refused, Failure."""
    repository = connection.repository
    listed = connection.repeat(
        lambda: msgspec.convert(
            repository.requester.requestJsonAndCheck(
                "GET",
                f"{repository.url}/actions/runs/{run.id}/artifacts",
                parameters={"name": name, "per_page": 100},
            )[1],
            _Listed,
        )
    )
    artifact = chosen(listed.artifacts, name, run.started)
    archive = connection.repeat(lambda: _downloaded(connection, artifact, patience))
    if len(archive) > MOST_ARCHIVE:
        raise Refused(f"{_named(name)} is larger than {MOST_ARCHIVE >> 20} MiB, whatever GitHub says of it")
    if artifact.digest is not None and artifact.digest != f"sha256:{hashlib.sha256(archive).hexdigest()}":
        raise Refused(f"{_named(name)} has another SHA-256 than GitHub lists: it was changed or cut off")
    return archive


def chosen(artifacts: Iterable[Artifact], name: str, started: str | None) -> Artifact:
    """The one artifact to read: of the run's last attempt, which began at `started`, if that has any.

    An attempt keeps what earlier ones uploaded under the same name. Raises Refused.
    """
    named = [one for one in artifacts if one.name == name]
    if not named:
        raise Refused(
            f"the run has no artifact {quoted(name)}: did its upload run (`if: !cancelled()`), under the "
            "name that the input `artifact-name` says?"
        )
    usable = [one for one in named if not one.expired]
    if not usable:
        raise Refused(f"{_named(name)} has expired")
    # Both are times of GitHub's, in UTC and of one form, whose order is that of their text.
    latest = [one for one in usable if (one.created_at or "") >= (started or "")] or usable
    if len(latest) > 1:
        raise Refused(
            f"the run has {counted(len(latest), 'artifact')} named {quoted(name)}: which one counts?"
        )
    if latest[0].size_in_bytes > MOST_ARCHIVE:
        raise Refused(
            f"{_named(name)} has {latest[0].size_in_bytes} bytes: more than {MOST_ARCHIVE >> 20} MiB are not "
            "downloaded"
        )
    return latest[0]


def _downloaded(connection: Connection, artifact: Artifact, patience: Patience) -> bytes:
    """The archive, or what is one byte more than may be. The address that GitHub names is good for a minute,
    so each attempt asks for a new one."""
    repository = connection.repository
    headers, _ = repository.requester.requestJsonAndCheck(
        "GET", f"{repository.url}/actions/artifacts/{artifact.id}/zip"
    )
    address = str(headers.get("location", ""))
    # Only a GitHub that is itself asked without TLS, in a test, may name a place without.
    encrypted = address.startswith("https://")
    if not encrypted and not (
        address.startswith("http://") and repository.requester.base_url.startswith("http://")
    ):
        raise Failure("GitHub names no place where the artifact can be downloaded")
    try:
        return _read(connection, address, patience)
    except requests.RequestException as error:
        host = one_line(urlsplit(address).netloc.rpartition("@")[2], 100)
        why = type(error).__name__
        raise Failure(f"the download from {host} failed or broke off ({why})", passing=True) from None


def _read(connection: Connection, address: str, patience: Patience) -> bytes:
    """Read without the token, which that host must not see, and without what a .netrc may say."""
    with requests.Session() as session:
        session.auth = _as_it_is
        with session.get(
            address,
            stream=True,
            timeout=patience.per_answer,
            allow_redirects=False,
            headers={"Accept-Encoding": "identity", "User-Agent": "module-coverage-gate"},
        ) as answer:
            if answer.status_code != _OK:
                raise Failure(
                    f"the artifact's storage answered {answer.status_code}",
                    passing=answer.status_code in SERVER_ERRORS,
                )
            archive = bytearray()
            for chunk in connection.in_time(answer.iter_content(_CHUNK)):
                archive += chunk
                if len(archive) > MOST_ARCHIVE:
                    break
            return bytes(archive[: MOST_ARCHIVE + 1])


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _named(name: str) -> str:
    return f"the artifact {quoted(name)}"
