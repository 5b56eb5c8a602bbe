"""Servers of other houses: an Enterprise Server, a private authority, a proxy with credentials."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from gate.publish.github import publish
from gate.publish.model import Patience, Published, Target
from gate.runner import Secret
from tests.fake_github import JOB_TOKEN, FakeGithub

from .authority import make_authority
from .leaks import found_in
from .proxy import Proxy, running
from .talk import HASTY, HEAD, GithubWithViewer, bodies, check, comment

PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "ALL_PROXY")
AUTHORITIES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
PASSWORD = "pass@word"  # noqa: S105 - of a proxy that lives for a test
ONCE: Patience = replace(HASTY, attempts=1)


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*PROXIES, *map(str.lower, PROXIES), *AUTHORITIES):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, FakeGithub]]:
    """The file of a private authority, and an Enterprise Server with a certificate of its."""
    authority, tls = make_authority(tmp_path_factory.mktemp("authority"))
    with GithubWithViewer(prefix="/api/v3", tls=tls) as server:
        yield authority, server
    assert server.violations == []


def publish_to(server: FakeGithub) -> Published:
    target = Target(
        repository="Codertocat/Hello-World",
        api_url=server.url,
        pull_request=2,
        head_sha=HEAD,
        token=Secret(JOB_TOKEN),
        details_url=None,
    )
    return publish(target, comment(), check(), ONCE)


@pytest.mark.parametrize("name", AUTHORITIES)
def test_each_usual_variable_names_a_private_authority(
    house: tuple[Path, FakeGithub], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    authority, server = house
    assert server.url.startswith("https://")
    assert server.url.endswith("/api/v3")
    monkeypatch.setenv(name, str(authority))
    assert publish_to(server).problems == ()
    assert len(bodies(server)) == 1


def test_without_the_authority_nothing_is_sent_and_its_variable_is_named(
    house: tuple[Path, FakeGithub],
) -> None:
    _, server = house
    before = len(server.requests)
    problems = publish_to(server).problems
    assert len(problems) == 2
    assert all("no trustworthy TLS connection" in one and "SSL_CERT_FILE" in one for one in problems)
    assert len(server.requests) == before


@pytest.mark.parametrize("name", AUTHORITIES)
def test_an_authority_whose_file_is_not_here_is_told(
    house: tuple[Path, FakeGithub], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "/on/the/host/ca.pem")
    for problem in publish_to(house[1]).problems:
        assert f"{name} names '/on/the/host/ca.pem', which cannot be read here. In a container" in problem


def with_credentials(proxy: Proxy) -> str:
    return f"http://somebody:pass%40word@{proxy.address}"


BASIC = "Basic " + b64encode(f"somebody:{PASSWORD}".encode()).decode()


def test_a_proxy_tunnels_to_https(house: tuple[Path, FakeGithub], monkeypatch: pytest.MonkeyPatch) -> None:
    authority, server = house
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with running(Proxy()) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", with_credentials(proxy))
        assert publish_to(server).problems == ()
    host = server.url.removeprefix("https://").removesuffix("/api/v3")
    assert set(proxy.asked) == {f"CONNECT {host}"}
    assert set(proxy.credentials) == {BASIC}


def test_a_proxy_forwards_to_http(monkeypatch: pytest.MonkeyPatch) -> None:
    with GithubWithViewer() as server, running(Proxy()) as proxy:
        monkeypatch.setenv("HTTP_PROXY", with_credentials(proxy))
        assert publish_to(server).problems == ()
    assert {asked.partition("/repos/")[0] for asked in proxy.asked} == {
        f"GET {server.url}",
        f"POST {server.url}",
    }
    assert set(proxy.credentials) == {BASIC}


def test_no_proxy_is_used_for_a_host_that_needs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    with GithubWithViewer() as server, running(Proxy()) as proxy:
        monkeypatch.setenv("HTTP_PROXY", with_credentials(proxy))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        assert publish_to(server).problems == ()
    assert proxy.asked == []


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_refuses_is_told_without_its_credentials(
    house: tuple[Path, FakeGithub], monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    authority, enterprise = house
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with GithubWithViewer() as plain, running(Proxy(refuses=True)) as proxy:
        monkeypatch.setenv(f"{scheme.upper()}_PROXY", with_credentials(proxy))
        problems = publish_to(plain if scheme == "http" else enterprise).problems
    assert len(problems) == 2
    assert all("proxy" in problem and "HTTPS_PROXY" in problem for problem in problems)
    assert found_in(PASSWORD, problems, []) == []
    assert "somebody" not in "".join(problems)
    assert {asked.split()[0] for asked in proxy.asked} <= {"GET", "POST", "CONNECT"}
