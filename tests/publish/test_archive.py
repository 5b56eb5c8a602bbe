"""Reading one member out of an archive that may be hostile."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.errors import UnreadableArtifact
from gate.publish.archive import member
from tests.forks import saying, zipped

LIMIT = 1 << 20
METHODS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]


@given(
    st.binary(max_size=3000),
    st.dictionaries(st.text("abc/.", min_size=1, max_size=6), st.binary(max_size=50), max_size=4),
    st.sampled_from(METHODS),
)
def test_the_member_comes_out_as_it_went_in_whatever_lies_beside_it(
    content: bytes, others: dict[str, bytes], method: int
) -> None:
    beside = [
        (name, data)
        for name, data in others.items()
        if not name.startswith("/") and ".." not in name.split("/")
    ]
    archive = zipped([*beside, ("verdict.json", content)], method)
    assert member(archive, "verdict.json", LIMIT) == content


@given(st.binary(max_size=400))
def test_any_bytes_are_refused_in_words(archive: bytes) -> None:
    with pytest.raises(UnreadableArtifact):
        member(archive, "verdict.json", LIMIT)


@given(st.data(), st.sampled_from(METHODS))
def test_a_damaged_archive_gives_the_very_content_or_is_refused(data: st.DataObject, method: int) -> None:
    content = b'{"verdict": "passed"}' * 20
    archive = bytearray(zipped([("a.txt", b"x" * 30), ("verdict.json", content)], method))
    for _ in range(data.draw(st.integers(1, 3))):
        archive[data.draw(st.integers(0, len(archive) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(archive[: data.draw(st.integers(0, len(archive)))]) if data.draw(st.booleans()) else archive
    try:
        assert member(bytes(cut), "verdict.json", LIMIT) == content
    except UnreadableArtifact as error:
        assert str(error).isprintable()


@pytest.mark.parametrize(
    ("archive", "words"),
    [
        (saying(zipped([("verdict.json", b" " * (LIMIT + 1))]), 100), "expands beyond 1 MiB"),
        (zipped([("verdict.json", b" " * (LIMIT + 1))]), f"is said to hold {LIMIT + 1} bytes"),
        (saying(zipped([("verdict.json", b"{}")]), 0xFFFFFFF0), "is said to hold 4294967280 bytes"),
        (saying(zipped([("verdict.json", b"{}" * 50)]), 50), "not what the archive's directory says"),
        (saying(zipped([("verdict.json", b"{}" * 50)], zipfile.ZIP_STORED), 50), "not what the archive's"),
        (zipped([("verdict.json", b"{}")], zipfile.ZIP_LZMA), "in a way that no upload uses"),
        (zipped([("verdict.json", b"{}")], zipfile.ZIP_BZIP2), "in a way that no upload uses"),
        (zipped([("Verdict.json", b"{}")]), "holds no verdict.json at its top among 1 file"),
        (zipped([("r1/verdict.json", b"{}")]), "but 'r1/verdict.json': upload the output `evidence-dir`"),
        (zipped([("verdict.json\0.txt", b"{}")]), "which leads out of its folder"),
        (zipped([("C:verdict.json", b"{}")]), "which leads out of its folder"),
        (zipped([("a/../verdict.json", b"{}")]), "which leads out of its folder"),
        (zipped([("a\\..\\x", b"{}"), ("verdict.json", b"{}")]), "which leads out of its folder"),
        (zipped([("\x1b[2J/../", b"{}")]), r"'\x1b[2J/../', which leads out"),
        (zipped([("verdict.json", b"{}")] * 3), "holds 3 files named verdict.json"),
        (b"", "no whole zip archive"),
        (zipped([]), "at its top among 0 files"),
    ],
)
def test_each_hostile_archive_is_told_apart(archive: bytes, words: str) -> None:
    with pytest.raises(UnreadableArtifact) as refused:
        member(archive, "verdict.json", LIMIT)
    assert words in str(refused.value)


def test_an_encrypted_member_is_refused() -> None:
    archive = bytearray(zipped([("verdict.json", b"{}")]))
    # APPNOTE.TXT 4.3.12: the general purpose flags; the first bit is encryption.
    archive[archive.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UnreadableArtifact, match="is encrypted"):
        member(bytes(archive), "verdict.json", LIMIT)


def test_a_bomb_takes_no_more_memory_than_its_limit() -> None:
    bomb = saying(zipped([("verdict.json", b"\0" * (64 << 20))]), 100)
    tracemalloc.start()
    with pytest.raises(UnreadableArtifact, match="a compression bomb"):
        member(bomb, "verdict.json", LIMIT)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * LIMIT


def test_a_directory_of_very_many_entries_is_not_even_read() -> None:
    archive = zipped([(f"{number}", b"") for number in range(20_001)])
    with pytest.raises(UnreadableArtifact, match="more than 20000 files"):
        member(archive, "verdict.json", LIMIT)


def test_an_archive_written_as_a_stream_is_read() -> None:
    """As `actions/upload-artifact` writes it: sizes follow the content, the directory has them."""

    class Unseekable(io.RawIOBase):
        def __init__(self) -> None:
            self.content = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            self.content += bytes(data)  # type: ignore[call-overload]
            return len(memoryview(data))  # type: ignore[arg-type]

    stream = Unseekable()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("verdict.json", b"{}")
    assert member(bytes(stream.content), "verdict.json", LIMIT) == b"{}"
