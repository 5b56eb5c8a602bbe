"""Links lead to the measured lines of the repository at hand, or there are none."""

from __future__ import annotations

from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import given

from gate.render.links import LONGEST_PATH, Links

from .builders import HEAD, MERGE, REPOSITORY, SERVER
from .parsed import PARSERS, Parsed
from .texts import hostile_text, patient

LINKS = Links(SERVER, REPOSITORY, MERGE)
BLOB = f"https://github.com/octo-org/billing/blob/{MERGE}"


def test_a_range_links_to_its_first_and_last_line() -> None:
    assert LINKS.file("backend/app.py", (3, 7)) == f"{BLOB}/backend/app.py#L3-L7"


def test_a_single_line_links_to_itself() -> None:
    assert LINKS.file("backend/app.py", (3, 3)) == f"{BLOB}/backend/app.py#L3"


def test_a_file_and_a_branch_from_no_line_link_to_the_file() -> None:
    assert LINKS.file("backend/app.py") == f"{BLOB}/backend/app.py"
    assert LINKS.file("backend/app.py", (-1, -1)) == f"{BLOB}/backend/app.py"


def test_a_path_is_percent_encoded() -> None:
    assert LINKS.file("a b/(c)#[d]?%.py", (1, 1)) == f"{BLOB}/a%20b/%28c%29%23%5Bd%5D%3F%25.py#L1"
    assert LINKS.file("Übung.py") == f"{BLOB}/%C3%9Cbung.py"


def test_a_server_in_a_folder_and_on_a_port_is_kept() -> None:
    links = Links("https://git.example:8443/ghe/", REPOSITORY, HEAD)
    assert links.file("a.py") == f"https://git.example:8443/ghe/octo-org/billing/blob/{HEAD}/a.py"


@pytest.mark.parametrize(
    "path",
    ["../x.py", "a/../../x.py", "a/./x.py", "/etc/passwd", "a//x.py", "", "a/..", "x" * (LONGEST_PATH + 1)],
)
def test_a_path_that_leads_elsewhere_or_is_very_long_has_no_link(path: str) -> None:
    assert LINKS.file(path) is None


@pytest.mark.parametrize(
    "links",
    [
        Links(),
        Links("", REPOSITORY, MERGE),
        Links(SERVER, "", MERGE),
        Links(SERVER, REPOSITORY, None),
        Links(SERVER, REPOSITORY, "main"),
        Links("javascript:alert(1)//", REPOSITORY, MERGE),
        Links(SERVER, "octo-org/billing)[x](y", MERGE),
    ],
)
def test_without_a_server_a_repository_or_a_commit_nothing_is_linked(links: Links) -> None:
    assert links.file("a.py") is None


def test_a_commit_has_a_page_and_what_is_no_commit_has_none() -> None:
    assert LINKS.commit_page(HEAD) == f"https://github.com/octo-org/billing/commit/{HEAD}"
    assert LINKS.commit_page("refs/heads/main") is None


@patient
@given(path=hostile_text)
def test_a_link_stays_one_link_to_this_path_of_this_commit(path: str) -> None:
    address = LINKS.file(path, (2, 3))
    if address is None:
        return
    for parse in PARSERS.values():
        assert Parsed(parse(f"| a |\n| -- |\n| [2-3]({address}) |")).links == [address]
    parts = urlsplit(urljoin("https://github.com/", address))
    prefix = f"/octo-org/billing/blob/{MERGE}/"
    assert (parts.netloc, parts.query, parts.fragment) == ("github.com", "", "L2-L3")
    assert unquote(parts.path.removeprefix(prefix)) == path
