"""What an XML report must not do, tried one by one on a Cobertura report."""

from __future__ import annotations

import http.server
import threading
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.errors import UnreadableArtifact
from gate.reports import xml_events
from gate.reports.file import PIECE
from gate.reports.lines import Ratio
from gate.reports.model import Report
from gate.reports.xml_events import MAX_DEPTH, MAX_TOKEN
from tests.reports.reading import Files, read_bytes

NOTHING = Files(())
BODY = (
    '<coverage line-rate="1" version="9"><packages><package><classes>'
    '<class name="a" filename="a.py"><methods/><lines>{}<line number="1" hits="1"/></lines></class>'
    "</classes></package></packages></coverage>"
)
REPORT = BODY.format("")


def document(prolog: str = "", within: str = "") -> bytes:
    return (prolog + BODY.format(within)).encode()


def read(data: bytes) -> Report:
    """Read a report; whether anything of it is wanted must not matter to what is refused."""
    try:
        report = read_bytes(data)
    except UnreadableArtifact as error:
        with pytest.raises(UnreadableArtifact) as otherwise:
            read_bytes(data, NOTHING)
        assert str(otherwise.value).partition(", column")[0] == str(error).partition(", column")[0]
        raise
    assert read_bytes(data, NOTHING).names == report.names
    return report


def is_read(data: bytes) -> bool:
    return [file.line_ratio for file in read(data).files.values()] == [Ratio(1, 1)]


def test_a_plain_report_is_read() -> None:
    assert is_read(document())


# Document types.

LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))


@pytest.mark.parametrize(
    "declared",
    [
        pytest.param(f"[<!ENTITY l0 'ha'>{LAUGHS}]", id="billion laughs"),
        pytest.param(f"[<!ENTITY a '{'a' * 50_000}'>]", id="quadratic blow-up"),
        pytest.param("[<!ENTITY a '1'>]", id="an entity"),
        pytest.param("[<!ENTITY a SYSTEM 'file:///etc/passwd'>]", id="external entity"),
        pytest.param("[<!ENTITY a PUBLIC 'p' 'http://127.0.0.1/a'>]", id="public entity"),
        pytest.param("[<!ENTITY % a SYSTEM 'http://127.0.0.1/a'> %a;]", id="parameter entity"),
        pytest.param(
            "[<!ENTITY % a '<!ENTITY b SYSTEM \"file:///etc/passwd\">'> %a;]", id="entity in an entity"
        ),
        pytest.param("[%a;]", id="reference to a parameter entity"),
        pytest.param("[<!ENTITY a SYSTEM 'a' NDATA gif>]", id="unparsed entity"),
        pytest.param("[<!NOTATION gif SYSTEM 'gif'>]", id="notation"),
        pytest.param("[<!ELEMENT coverage ANY>]", id="element"),
        pytest.param("[<!ATTLIST line hits CDATA '1'>]", id="default of an attribute"),
        pytest.param("[<!-- nothing -->]", id="comment"),
        pytest.param("[<?nothing?>]", id="instruction"),
        pytest.param("SYSTEM 'coverage-04.dtd' [<!ENTITY a '1'>]", id="entity beside an external definition"),
    ],
)
@pytest.mark.parametrize("used", ["", "&a;", '<a b="&a;"/>'])
def test_a_document_type_with_declarations_is_refused(declared: str, used: str) -> None:
    with pytest.raises(UnreadableArtifact, match=r"document type|entity|another file"):
        read(document(f"<!DOCTYPE coverage {declared}>", used))


@pytest.mark.parametrize(
    "declared",
    [
        "<!DOCTYPE coverage>",
        "<!DOCTYPE coverage []>",
        "<!DOCTYPE coverage [ \n ]>",
        "<!DOCTYPE  coverage SYSTEM 'http://cobertura.sourceforge.net/xml/coverage-04.dtd'>",
        '<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd" >',
        '<!DOCTYPE coverage\n  SYSTEM\n\t"file:///etc/passwd" [ ]>',
        '<!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd">',
        '<!-- a - comment --><?a b?><!DOCTYPE coverage SYSTEM "a">',
        '<?xml version="1.0"?>\n<!-- <!DOCTYPE a [<!ENTITY b "c">]> -->\n<!DOCTYPE coverage>\n',
        "<!-- <!DOCTYPE a [<!ENTITY b 'c'>]> -->",
        "\ufeff<?xml version='1.0' encoding='utf-8'?><!DOCTYPE coverage>",
    ],
)
def test_a_document_type_that_declares_nothing_passes(declared: str) -> None:
    assert is_read(document(declared))


def test_a_blanked_document_type_leaves_line_numbers_as_they_are() -> None:
    with pytest.raises(UnreadableArtifact, match="line 4,"):
        read(document("<!DOCTYPE coverage\nSYSTEM\n'a'>\n", "&nothing;"))


@pytest.mark.parametrize(
    "prolog",
    [
        "<!DOCTYPE coverage><!DOCTYPE coverage>",
        "<!DOCTYPE coverage><!DOCTYPE coverage [<!ENTITY a '1'>]>",
        "<!DOCTYPE coverage SYSTEM 'a'><!-- a --><!DOCTYPE a [<!ENTITY a '1'>]>",
        "<!DOCTYPE",
        "<!DOCTYPE >",
        "<!DOCTYPE coverage SYSTEM>",
        "<!DOCTYPE coverage SYSTEM 'a>b.dtd'>",
        "<!DOCTYPE coverage PUBLIC 'a'>",
        "x<!DOCTYPE coverage>",
    ],
)
def test_a_second_or_broken_document_type_is_refused(prolog: str) -> None:
    with pytest.raises(UnreadableArtifact):
        read_bytes(document('<?xml version="1.0"?>' + prolog))
    with pytest.raises(UnreadableArtifact):
        read_bytes(document('<?xml version="1.0"?>' + prolog), NOTHING)


def test_a_document_type_behind_the_root_is_refused() -> None:
    with pytest.raises(UnreadableArtifact):
        read(document() + b"<!DOCTYPE a [<!ENTITY b 'c'>]>")
    with pytest.raises(UnreadableArtifact):
        read(document("", "<!DOCTYPE a [<!ENTITY b 'c'>]>"))


@pytest.mark.parametrize("prolog", ["", "<!DOCTYPE coverage SYSTEM 'a'>"])
@pytest.mark.parametrize("used", ["&nothing;", "<a b='&nothing;'/>", "&#0;", "&#x1b;", "&#xffff;"])
def test_an_entity_that_is_not_declared_is_refused_also_where_a_definition_might_have_it(
    prolog: str, used: str
) -> None:
    with pytest.raises(UnreadableArtifact, match="is malformed XML"):
        read(document(prolog, used))


def test_xmls_own_entities_and_characters_by_number_pass() -> None:
    assert is_read(document("", "<a b='&lt;&gt;&amp;&quot;&apos;&#228;&#xe4;'/>&lt;&#10;"))


@pytest.fixture
def requests_made() -> Iterator[tuple[str, list[str]]]:
    """A server, as host and port, and the paths that were asked of it."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def test_nothing_is_resolved_from_the_network_or_the_disk(
    requests_made: tuple[str, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, asked = requests_made
    secret = tmp_path / "secret.dtd"
    secret.write_text("<!ENTITY a 'the secret'>")
    opened: list[str] = []
    monkeypatch.setattr("builtins.open", lambda name, *_, **__: opened.append(str(name)))
    for place in (f"http://{host}/secret.dtd", secret.as_uri(), str(secret)):
        assert is_read(document(f"<!DOCTYPE coverage SYSTEM '{place}'>"))
        for refused in (
            document(f"<!DOCTYPE coverage SYSTEM '{place}'>", "&a;"),
            document(f"<!DOCTYPE coverage [<!ENTITY a SYSTEM '{place}'>]>", "&a;"),
            document(f"<!DOCTYPE coverage [<!ENTITY % a SYSTEM '{place}'> %a;]>"),
            document("", f'<?xml-stylesheet href="{place}"?><xi:include href="{place}"/>&a;'),
        ):
            with pytest.raises(UnreadableArtifact) as error:
                read(refused)
            assert "the secret" not in str(error.value)
    assert asked == []
    assert opened == []


# Encodings.


def test_utf_16_is_read_unless_it_has_a_document_type() -> None:
    for codec in ("utf-16", "utf-16-le", "utf-16-be"):
        mark = "" if codec == "utf-16" else "\ufeff"
        assert is_read((mark + REPORT).encode(codec))
        with pytest.raises(UnreadableArtifact, match="document type"):
            read((mark + "<!DOCTYPE coverage>" + REPORT).encode(codec))
        with pytest.raises(UnreadableArtifact, match=r"document type|entity"):
            read((mark + "<!DOCTYPE coverage [<!ENTITY a '1'>]>" + REPORT).encode(codec))


@pytest.mark.parametrize("encoding", ["utf-8", "us-ascii", "iso-8859-1", "windows-1252", "ISO-8859-15"])
def test_encodings_of_a_byte_a_character_are_read(encoding: str) -> None:
    declaration = f"<?xml version='1.0' encoding='{encoding}'?>"
    assert is_read(document(declaration))


@pytest.mark.parametrize(
    "encoding",
    [
        "nothing",
        "utf-7",
        "utf-16",
        "utf-32",
        "shift_jis",
        "zlib_codec",
        "undefined",
        "punycode",
        "idna",
        "\\",
        "a" * 5000,
    ],
)
def test_other_encodings_are_refused(encoding: str) -> None:
    with pytest.raises(UnreadableArtifact):
        read(document(f"<?xml version='1.0' encoding='{encoding}'?>"))


@pytest.mark.parametrize("encoding", ["cp037", "cp500", "cp1140"])
def test_a_document_type_hidden_by_an_encoding_is_refused(encoding: str) -> None:
    declaration = f"<?xml version='1.0' encoding='{encoding}'?>"
    with pytest.raises(UnreadableArtifact):
        read_bytes((declaration + "<!DOCTYPE a [<!ENTITY b 'c'>]>" + REPORT).encode(encoding))
    with pytest.raises(UnreadableArtifact):
        read(declaration.encode() + ("<!DOCTYPE a [<!ENTITY b 'c'>]>" + REPORT).encode(encoding))


@pytest.mark.parametrize(
    "bad", [b"\0", b"\x01", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xc0\xaf", b"\xef\xbf\xbf"]
)
@pytest.mark.parametrize(
    "place", [b"<!-- X -->", b"<a b='X'/>", b"X", b"<?p X?>", b"<![CDATA[X]]>", b"<aX/>"]
)
def test_bytes_that_are_no_characters_are_refused(bad: bytes, place: bytes) -> None:
    with pytest.raises(UnreadableArtifact, match=r"malformed|is cut off"):
        read(document("", "HERE").replace(b"HERE", place.replace(b"X", bad)))


# Depth, size, time.


def nested(depth: int) -> bytes:
    """A report in which elements lie so deep; `<lines>` is the sixth."""
    return document("", "<a>" * (depth - 6) + "</a>" * (depth - 6))


def test_elements_may_lie_so_deep_and_no_deeper() -> None:
    assert is_read(nested(MAX_DEPTH))
    with pytest.raises(UnreadableArtifact, match=f"nested more than {MAX_DEPTH} elements deep in line 1"):
        read(nested(MAX_DEPTH + 1))
    with pytest.raises(UnreadableArtifact, match=f"nested more than {MAX_DEPTH} elements deep in line 1"):
        read(b"<coverage line-rate='1'>" + b"<a>" * MAX_DEPTH)


def test_endless_depth_is_refused_without_filling_the_memory() -> None:
    deep = document().replace(b"<lines>", b"<lines>" + b"<a>" * (3 * PIECE // 3))
    tracemalloc.start()
    with pytest.raises(UnreadableArtifact, match="nested more than"):
        read(deep)
    assert tracemalloc.get_traced_memory()[1] < 6 * len(deep)
    tracemalloc.stop()


HUGE = "a" * (MAX_TOKEN + 2 * PIECE)


@pytest.mark.parametrize(
    "huge",
    [f"<a b='{HUGE}'/>", f"<!--{HUGE}-->", f"<?p {HUGE}?>", f"<{HUGE}/>", f"&{HUGE};"],
    ids=["attribute", "comment", "instruction", "tag", "reference"],
)
def test_a_huge_token_is_refused_in_bounded_time(huge: str) -> None:
    start = time.process_time()
    with pytest.raises(UnreadableArtifact, match="holds a token of more than 8 MiB in line 1"):
        read_bytes(document("", huge))
    assert time.process_time() - start < 2


def test_a_huge_token_in_the_prolog_is_refused_in_bounded_time() -> None:
    start = time.process_time()
    with pytest.raises(UnreadableArtifact):
        read_bytes(b"<?xml version='1.0'?><!--" + HUGE.encode() + b"--><coverage line-rate='1'/>")
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    "beginning",
    [b" " * PIECE, b"<!--" + b"a-" * (PIECE // 2), b"<?" + b"a?" * (PIECE // 2), b"<!-- -->" * (PIECE // 8)],
    ids=["space", "comment", "instruction", "comments"],
)
def test_a_beginning_that_never_comes_to_a_document_type_is_passed_in_one_go(beginning: bytes) -> None:
    start = time.process_time()
    xml_events._without_document_type(beginning)
    assert time.process_time() - start < 0.5


def test_huge_text_passes_and_is_not_kept() -> None:
    text = "\n a" * (MAX_TOKEN // 2)
    start = time.process_time()
    assert is_read(document("", text))
    assert time.process_time() - start < 4


@pytest.mark.parametrize(
    "within",
    ["<!-- {} -->", "<![CDATA[{}]]>", "<a b='{}'/>", "<?p {}?>"],
    ids=["comment", "cdata", "attribute", "instruction"],
)
def test_start_tags_that_are_none_do_not_make_the_parser_scan_again_and_again(within: str) -> None:
    tags = ("&lt;class >" if "'" in within else "<class >") * (PIECE // 16)
    start = time.process_time()
    assert is_read(document("", within.format(tags)))
    assert time.process_time() - start < 2


# Content that is odd, and allowed.


@pytest.mark.parametrize(
    "within",
    [
        "<?php echo 1 ?>",
        "<!-- <line number='9' hits='9'/> -->",
        "<![CDATA[<line number='9' hits='9'/>]]>",
        "<![CDATA[</lines></class>]]>",
        "<![CDATA[]]]]><![CDATA[>]]>",
        "text &amp; more",
        "<b><line number='9' hits='9'/></b>",
    ],
)
def test_instructions_comments_and_cdata_are_no_elements(within: str) -> None:
    assert is_read(document("", within))


@pytest.mark.parametrize(
    "broken",
    [
        "<a>",
        "</a>",
        "<a></b>",
        "<a b='1' b='2'/>",
        "<a b=1/>",
        "<a b='<'/>",
        "<!-- -- -->",
        "]]>",
        "<?xml version='1.0'?>",
        "<1/>",
        "< a/>",
        "&amp",
        "<![CDATA[",
        "<line number='1' hits='1' hits='2'/>",
    ],
)
def test_what_is_not_well_formed_is_refused(broken: str) -> None:
    with pytest.raises(UnreadableArtifact):
        read(document("", broken))


@pytest.mark.parametrize("behind", [b"<coverage/>", b"text", b"&amp;", b"<![CDATA[]]>", b"\0"])
def test_nothing_but_comments_may_follow_the_root(behind: bytes) -> None:
    assert is_read(document() + b"\n<!-- end --><?end?>\n")
    with pytest.raises(UnreadableArtifact):
        read(document() + behind)


CUT = document('<?xml version="1.0"?>\n<!DOCTYPE coverage SYSTEM "a">\n', "\n<!-- b -->\n<![CDATA[c]]>\n")


@given(cut=st.integers(0, len(CUT) - 1))
def test_a_report_cut_off_anywhere_is_refused(cut: int) -> None:
    with pytest.raises(UnreadableArtifact):
        read_bytes(CUT[:cut])
    with pytest.raises(UnreadableArtifact):
        read_bytes(CUT[:cut], NOTHING)


def test_where_a_report_is_cut_off_is_told() -> None:
    with pytest.raises(UnreadableArtifact, match=r"^is cut off in line 5$"):
        read(CUT[: CUT.index(b"CDATA")])
