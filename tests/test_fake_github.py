"""The fake GitHub behind the real PyGithub: pull requests, comments, pages, and who may do what."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from github import BadCredentialsException, Github, GithubException, UnknownObjectException

from tests.fake_github import (
    JOB_TOKEN,
    PERSONAL_TOKEN,
    Actor,
    FakeGithub,
)
from tests.fake_github.client import BASE, COMMENTS, HEAD, REPOSITORY, client, refused, repo_of, strict_fake


@pytest.fixture
def fake() -> Iterator[FakeGithub]:
    with strict_fake() as fake:
        yield fake


class TestPullRequestsAndComments:
    def test_a_pull_request_names_the_head_that_checks_belong_to(self, fake: FakeGithub) -> None:
        pull = client(fake).get_repo(REPOSITORY).get_pull(2)
        assert (pull.head.sha, pull.base.sha, pull.state) == (HEAD, BASE, "open")
        assert [(one.method, one.path) for one in fake.requests] == [
            ("GET", f"/repos/{REPOSITORY}"),
            ("GET", f"/repos/{REPOSITORY}/pulls/2"),
        ]

    def test_a_comment_is_created_read_edited_and_deleted(self, fake: FakeGithub) -> None:
        issue = repo_of(fake).get_issue(2)
        comment = issue.create_comment("first")
        assert comment.user.login == "github-actions[bot]"
        assert comment.user.type == "Bot"
        assert comment.html_url == f"https://github.com/{REPOSITORY}/pull/2#issuecomment-{comment.id}"
        comment.edit("second")
        assert issue.get_comment(comment.id).body == "second"
        assert [one.body for one in fake.comments] == ["second"]
        comment.delete()
        assert fake.comments == []
        assert [one.body for one in fake.sent("PATCH")] == [{"body": "second"}]
        assert all(one.authorized for one in fake.requests)

    def test_lazy_objects_comment_with_a_single_request(self, fake: FakeGithub) -> None:
        repo_of(fake).get_issue(2).create_comment("one request")
        assert [(one.method, one.path, one.body) for one in fake.requests] == [
            ("POST", COMMENTS, {"body": "one request"})
        ]

    def test_a_seeded_comment_keeps_its_author_when_the_job_edits_it(self, fake: FakeGithub) -> None:
        fake.add_comment(author="octocat", body="mine")
        (comment,) = repo_of(fake).get_issue(2).get_comments()
        comment.edit("changed by the job")
        assert (fake.comments[0].author, fake.comments[0].body) == (Actor("octocat"), "changed by the job")

    @pytest.mark.parametrize(("per_page", "pages"), [(30, 4), (100, 1)])
    def test_all_pages_of_a_conversation_are_linked(
        self, fake: FakeGithub, per_page: int, pages: int
    ) -> None:
        for number in range(100):
            fake.add_comment(author="octocat", body=f"comment {number}")
        comments = repo_of(fake, per_page=per_page).get_issue(2).get_comments()
        assert [one.body for one in comments] == [f"comment {number}" for number in range(100)]
        assert len(fake.sent("GET", "/comments")) == pages

    def test_the_link_header_names_the_neighbours_of_a_page(self, fake: FakeGithub) -> None:
        for number in range(5):
            fake.add_comment(author="octocat", body=f"comment {number}")
        answer = requests.get(
            fake.url + COMMENTS,
            params={"per_page": 2, "page": 2},
            headers={"Authorization": f"Bearer {JOB_TOKEN}"},
            timeout=10,
        )
        pages = {name: link["url"].partition("?")[2] for name, link in answer.links.items()}
        assert pages == {
            "prev": "per_page=2&page=1",
            "next": "per_page=2&page=3",
            "last": "per_page=2&page=3",
            "first": "per_page=2&page=1",
        }

    def test_no_page_holds_more_than_100(self, fake: FakeGithub) -> None:
        for number in range(101):
            fake.add_comment(author="octocat", body=f"comment {number}")
        headers = {"Authorization": f"token {JOB_TOKEN}"}
        answer = requests.get(f"{fake.url}{COMMENTS}?per_page=1000", headers=headers, timeout=10)
        assert len(answer.json()) == 100

    def test_comments_belong_to_their_pull_request(self, fake: FakeGithub) -> None:
        fake.add_pull(7, "7" * 40)
        fake.add_comment(author="octocat", body="on two", number=2)
        fake.add_comment(author="octocat", body="on seven", number=7)
        assert [one.body for one in repo_of(fake).get_issue(7).get_comments()] == ["on seven"]

    def test_pull_requests_are_found_by_head_branch_and_by_commit(self, fake: FakeGithub) -> None:
        fake.add_pull(7, "7" * 40, head_ref="topic")
        fake.add_pull(8, "8" * 40, head_ref="topic", open_=False)
        repo = repo_of(fake)
        assert [one.number for one in repo.get_pulls(head="Codertocat:topic", state="open")] == [7]
        assert [one.number for one in repo.get_pulls(state="all")] == [8, 7, 2]
        assert [one.number for one in repo.get_commit(HEAD).get_pulls()] == [2]

    def test_files_and_comparison_of_a_pull_request_are_those_seeded(self, fake: FakeGithub) -> None:
        fake.add_file("backend/wallet.py", patch="@@ -1 +1,2 @@\n-a\n+b\n+c")
        fake.merge_bases[BASE, HEAD] = "a" * 40
        repo = repo_of(fake)
        (file,) = repo.get_pull(2).get_files()
        assert (file.filename, file.additions, file.deletions) == ("backend/wallet.py", 2, 1)
        comparison = repo.compare(BASE, HEAD)
        assert comparison.merge_base_commit.sha == "a" * 40
        assert [one.filename for one in comparison.files] == ["backend/wallet.py"]

    def test_what_does_not_exist_is_not_found(self, fake: FakeGithub) -> None:
        with pytest.raises(UnknownObjectException):
            _ = repo_of(fake).get_pull(99).title
        with pytest.raises(UnknownObjectException):
            repo_of(fake).get_issue(99).create_comment("x")
        with pytest.raises(UnknownObjectException):
            client(fake).get_repo("octocat/elsewhere")


class TestWhoAsks:
    def test_a_person_has_a_login_and_the_job_has_none(self, fake: FakeGithub) -> None:
        assert client(fake, PERSONAL_TOKEN).get_user().login == "octocat"
        with pytest.raises(GithubException) as error:
            _ = client(fake).get_user().login
        assert refused(error)[0] == 403
        assert "Resource not accessible by integration" in refused(error)[1]

    def test_a_person_may_comment_but_not_create_check_runs(self, fake: FakeGithub) -> None:
        repo = repo_of(fake, PERSONAL_TOKEN)
        assert repo.get_issue(2).create_comment("hello").user.login == "octocat"
        with pytest.raises(GithubException) as error:
            repo.create_check_run("Module coverage", HEAD)
        assert refused(error)[0] == 403

    def test_a_forks_token_reads_and_is_refused_every_write(self, fake: FakeGithub) -> None:
        fake.tokens["ghs_of-a-fork"] = Actor("github-actions[bot]", "Bot", writes=False)
        repo = repo_of(fake, "ghs_of-a-fork")
        issue = repo.get_issue(2)
        for write in (
            lambda: issue.create_comment("hello"),
            lambda: repo.create_check_run("Module coverage", HEAD),
            lambda: repo.get_commit(HEAD).create_status("success"),
        ):
            with pytest.raises(GithubException) as error:
                write()
            assert refused(error)[0] == 403
            assert "Resource not accessible by integration" in refused(error)[1]
        assert (fake.comments, fake.check_runs, fake.statuses) == ([], [], [])

    def test_an_unknown_token_and_no_token_are_refused(self, fake: FakeGithub) -> None:
        with pytest.raises(BadCredentialsException):
            _ = repo_of(fake, "ghs_guessed").get_pull(2).state
        with pytest.raises(GithubException) as error:
            Github(base_url=fake.url, retry=None).get_repo(REPOSITORY)
        assert refused(error)[0] == 401
        assert [one.authorized for one in fake.requests] == [True, False]
