"""JUnit files that are no evidence, and files that look odd and are evidence all the same."""

from __future__ import annotations

import codecs
import socket
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.errors import EmptyArtifact, GateError, UnreadableArtifact
from gate.reports.junit import read_junit

DATA = Path(__file__).parents[1] / "data" / "junit"
SAMPLES = {path.name: path.read_bytes() for path in sorted(DATA.glob("*.xml"))}
WHOLE = sorted(set(SAMPLES) - {"gotestsum-unbuilt.xml"})


def refusal(data: bytes | str) -> str:
    with pytest.raises(UnreadableArtifact) as refused:
        read_junit(data.encode() if isinstance(data, str) else data)
    return str(refused.value)


# More stated than shown.


def test_a_go_package_that_does_not_build_leaves_only_a_number_and_that_is_not_lost() -> None:
    assert refusal(SAMPLES["gotestsum-unbuilt.xml"]) == (
        "states 1 failure and shows 0: it is not whole, or something broke outside of the tests"
    )


@pytest.mark.parametrize(
    ("attributes", "body", "stated", "shown"),
    [
        ('failures="2"', "<testcase name='a'><failure/></testcase>", "2 failures", 1),
        ('errors="1" tests="0"', "", "1 failure", 0),
        ('errors="1" failures="1"', "<testcase name='a'><error/></testcase>", "2 failures", 1),
        ('tests="3" skipped="0"', "<testcase name='a'/>", "3 tests", 1),
        ('tests="4" skipped="1" disabled="1"', "<testcase name='a'/>", "4 tests", 1),
        ('tests="2" skipped="1"', "<testcase name='a'><skipped/></testcase>", "2 tests", 1),
        ('tests="5" failures="0"', "<testcase name='a'/><testcase name='b'/>", "5 tests", 2),
        ('errors="0" failures="0" tests="5"', "<testcase name='a'/>", "5 tests", 1),
        # pytest's, as if of subtests, but without a test that could hold them.
        ('errors="0" failures="0" skipped="0" tests="9"', "", "9 tests", 0),
    ],
)
def test_a_suite_that_states_more_than_it_shows_is_refused_with_both_numbers(
    attributes: str, body: str, stated: str, shown: int
) -> None:
    whole = '<testsuite tests="1"><testcase name="b"><failure/></testcase></testsuite>'
    suite = f'<testsuite name="wallet" {attributes}>{body}</testsuite>'
    sentence = f"states {stated} in suite 'wallet' and shows {shown}: it is not whole"
    assert sentence in refusal(f"<testsuites>{whole}{suite}</testsuites>")


@pytest.mark.parametrize(
    ("attributes", "body"),
    [
        ('tests="1" skipped="0"', "<testcase name='a'/><testcase name='b'><failure/></testcase>"),
        ('tests="3" skipped="2"', "<testcase name='a'/>"),
        ('tests="3" skipped="1" disabled="1"', "<testcase name='a'/>"),
        # Mocha: its pending tests are neither written nor stated.
        ('timestamp="2026-11-22T17:56:23" tests="9" time="0.01" failures="0"', "<testcase name='a'/>"),
        # Newman: assertions of one name are one case.
        ('id="1" timestamp="2026-11-22T17:56:23" tests="9" failures="0" errors="0"', "<testcase name='a'/>"),
        ('errors="0" failures="0" skipped="0" tests="9"', "<testcase name='a'/>"),  # pytest: subtests
        ('tests="some" failures="-1" errors="1e3" skipped=""', "<testcase name='a'/>"),
        ('tests="2" failures="1" skipped="0"', "<testcase name='a'><flakyFailure/></testcase>"),
        ('failures="1"', "<testcase name='a' status='failed'/>"),
    ],
)
def test_what_does_not_prove_a_loss_is_read(attributes: str, body: str) -> None:
    report = read_junit(
        f'<testsuites><testsuite name="a" {attributes}>{body}</testsuite></testsuites>'.encode()
    )
    assert report.total == body.count("<testcase")


def test_totals_of_all_nested_suites_may_stand_at_the_top() -> None:
    inner = (
        '<testsuite tests="1" skipped="0" failures="1"><testcase name="a"><failure/></testcase></testsuite>'
    )
    assert (
        read_junit(f'<testsuite tests="2" skipped="0" failures="2">{inner * 2}</testsuite>'.encode()).failed
        == 2
    )


def test_totals_merged_from_suites_that_count_otherwise_prove_nothing_either() -> None:
    mocha = '<testsuite name="a" timestamp="" tests="2" failures="0"><testcase name="a"/></testsuite>'
    assert read_junit(f'<testsuites tests="2" skipped="0">{mocha}</testsuites>'.encode()).passed == 1


# Other files, and files cut off.


@pytest.mark.parametrize(
    "data", [b"", b" \r\n\t", codecs.BOM_UTF8 + b"\n", "\ufeff \n".encode("utf-16-le"), b"\x00" * 512]
)
def test_a_file_without_content_is_empty(data: bytes) -> None:
    with pytest.raises(EmptyArtifact, match=r"^is empty$"):
        read_junit(data)


@pytest.mark.parametrize(
    ("data", "root"),
    [
        ('<?xml version="1.0" ?><coverage version="7.6"><packages/></coverage>', "coverage"),
        ('<!DOCTYPE coverage SYSTEM "http://localhost/coverage-04.dtd"><coverage/>', "coverage"),
        ("<html><body>404</body></html>", "html"),
        ("<!DOCTYPE html><html></html>", "html"),
        ("<testcase name='a'/>", "testcase"),
        ('<x:project xmlns:x="urn:x"/>', "project"),
        (f"<{'a' * 500}/>", "a" * 59 + "…"),
    ],
)
def test_another_kind_of_file_is_named_by_its_root(data: str, root: str) -> None:
    assert refusal(data) == f"is not a JUnit report: its root is <{root}>, not <testsuites> or <testsuite>"


@pytest.mark.parametrize("data", ['{"totals": {}}', "TN:\nSF:a.c\n", "<!doctype html>", "404 ##[error]"])
def test_what_is_not_xml_is_shown_by_its_beginning(data: str) -> None:
    assert refusal(data).startswith(f"is not XML: it begins with '{data[:5].splitlines()[0]}")


@pytest.mark.parametrize("name", WHOLE)
def test_a_report_cut_off_anywhere_is_never_read(name: str) -> None:
    data = SAMPLES[name].rstrip()
    for length in range(1, len(data), 7):
        sentence = refusal(data[:length])
        if b"<testsuite" in data[: length - 200]:
            line = data[:length].count(b"\n") + 1
            assert sentence == f"is cut off in line {line}"


def test_suites_nested_beyond_the_cap_are_refused() -> None:
    assert read_junit(b"<testsuite>" * 200 + b"</testsuite>" * 200).total == 0
    assert refusal(b"<testsuite>\n" * 201) == "is nested more than 200 elements deep in line 201"


def test_a_case_inside_a_case_is_refused() -> None:
    nested = "<testsuite>\n<testcase name='a'><testcase name='b'/></testcase></testsuite>"
    assert refusal(nested) == "has a test case inside another one in line 2"


@pytest.mark.parametrize(
    "end", ["</testsuites>", "</testsuite><testsuite/>", "&nbsp;</testsuite>", "<a b=1/></testsuite>"]
)
def test_malformed_xml_is_refused_with_the_place(end: str) -> None:
    assert "line 2" in refusal(f"<testsuite>\n{end}")
    assert refusal(f"<testsuite>\n{end}").startswith("is malformed XML: ")


# Encodings.

CASE = '<testcase name="café"><failure message="münze"/></testcase>'
ODD = f'<?xml version="1.0"{{}}?><testsuite>{CASE}</testsuite>'


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252", "UTF-8", "utf-16"])
def test_declared_encodings_are_followed(declared: str) -> None:
    data = ODD.format(f' encoding="{declared}"').encode(declared)
    assert [(case.name, case.message) for case in read_junit(data).failures] == [("café", "münze")]


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
def test_byte_order_marks_are_followed(mark: bytes, encoding: str) -> None:
    assert read_junit(mark + ODD.format("").encode(encoding)).failures[0].name == "café"


def test_bytes_that_are_not_what_the_declaration_says_are_refused() -> None:
    assert refusal(ODD.format("").encode("iso-8859-1")).startswith("is malformed XML: not well-formed")
    assert refusal(ODD.format(' encoding="no-such"').encode()).startswith("cannot be decoded: ")
    assert refusal(ODD.format(' encoding="shift_jis"').encode()).startswith("cannot be decoded: ")


# Hostile XML.


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE testsuites [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE testsuites [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE testsuites [<!ATTLIST testcase name CDATA "unnamed">]>',
        '<!DOCTYPE testsuite PUBLIC "-//X" "http://localhost/x.dtd">',
    ],
)
def test_document_types_are_refused(declaration: str) -> None:
    assert "has a document type declaration" in refusal(f"{declaration}<testsuites>&b;</testsuites>")


def test_nothing_is_fetched() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        for declaration in (
            f'<!DOCTYPE testsuites SYSTEM "{address}">',
            f'<!DOCTYPE testsuites [<!ENTITY % a SYSTEM "{address}">%a;]>',
            f'<!DOCTYPE testsuites [<!ENTITY a SYSTEM "{address}">]>',
        ):
            refusal(f"{declaration}<testsuites>&a;</testsuites>")
        read_junit(f'<testsuites xmlns="{address}" xsi="{address}"/>'.encode())
        with pytest.raises(BlockingIOError):
            server.accept()


mutated = st.builds(
    lambda data, position, size, patch: (
        data[: position % len(data)] + patch + data[position % len(data) + size :]
    ),
    st.sampled_from(list(SAMPLES.values())),
    st.integers(0, 20_000),
    st.integers(0, 40),
    st.one_of(
        st.binary(max_size=8), st.text(max_size=8).map(lambda text: text.encode("utf-8", "surrogatepass"))
    ),
)
encoded = st.builds(
    lambda text, encoding: text.encode(encoding, "replace"),
    st.text(max_size=60).map(lambda text: ODD.format("").replace("café", text)),
    st.sampled_from(["utf-8", "utf-16", "utf-32", "utf-7", "cp037", "shift_jis"]),
)


@given(st.one_of(st.binary(max_size=200), mutated, encoded))
def test_any_bytes_give_a_sound_report_or_one_sentence(data: bytes) -> None:
    try:
        report = read_junit(data)
    except GateError as error:
        assert isinstance(error, UnreadableArtifact)
        assert str(error)
        assert "\n" not in str(error)
    else:
        assert report.total == report.passed + report.failed + report.errors + report.skipped
        assert len(report.failures) == report.failed + report.errors


def test_memory_does_not_grow_with_the_number_of_cases() -> None:
    def peak(cases: int) -> int:
        case = b'<testcase classname="tests.test_wallet" name="test_top_up" time="0.001"></testcase>\n'
        data = b"<testsuite>" + case * cases + b"</testsuite>"
        tracemalloc.start()
        try:
            assert read_junit(data).passed == cases
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1)  # imports and caches
    # From 3 MB on expat's own buffer has its full size.
    assert peak(80_000) < peak(40_000) + 100_000
