from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.publish.workflow import append_summary, error_command, warning_command, write_outputs

from .runner_rules import Command, log_lines, parse_command, parse_output_file

MIB = 1_048_576
VALUES = st.text("\n\r<=:,%#[] 250AD3C") | st.text()


@given(values=st.lists(VALUES, max_size=4))
def test_the_runner_reads_every_output_back_as_it_was(values: list[str]) -> None:
    outputs = {f"output-{number}": value for number, value in enumerate(values)}
    with TemporaryDirectory() as folder:
        path = Path(folder, "output")
        write_outputs(path, outputs)
        assert parse_output_file(path.read_bytes().decode()) == outputs


def test_outputs_of_an_earlier_write_stay(tmp_path: Path) -> None:
    path = tmp_path / "output"
    path.write_text("before=1\n")
    write_outputs(path, {"verdict": "passed"})
    write_outputs(path, {"modules": "{}"})
    assert parse_output_file(path.read_text()) == {"before": "1", "verdict": "passed", "modules": "{}"}


def test_a_value_that_looks_like_the_last_delimiter_ends_nothing_early(tmp_path: Path) -> None:
    path = tmp_path / "output"
    write_outputs(path, {"first": "x"})
    seen = path.read_text().splitlines()[0].partition("<<")[2]
    hostile = f"x\n{seen}\nverdict=passed"
    write_outputs(path, {"second": hostile})
    assert parse_output_file(path.read_text()) == {"first": "x", "second": hostile}


def test_a_path_that_is_not_unicode_is_written_readably(tmp_path: Path) -> None:
    write_outputs(tmp_path / "output", {"evidence-dir": "caf\udce9"})
    assert parse_output_file((tmp_path / "output").read_text("utf-8")) == {"evidence-dir": "caf\\udce9"}


def test_a_summary_is_appended_to_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "summary"
    path.write_text("# Before\n")
    assert append_summary(path, "## Ours\n")
    assert path.read_text() == "# Before\n## Ours\n"


def test_a_summary_begins_a_line_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "summary"
    path.write_text("an open line")
    assert append_summary(path, "## Ours\n")
    assert path.read_text() == "an open line\n## Ours\n"


def test_a_summary_is_written_where_no_file_is_yet(tmp_path: Path) -> None:
    assert append_summary(tmp_path / "summary", "## Ours\n")
    assert (tmp_path / "summary").read_text() == "## Ours\n"


def test_a_summary_of_just_under_a_mebibyte_is_kept_whole(tmp_path: Path) -> None:
    path = tmp_path / "summary"
    path.write_text("# Before\n")
    assert append_summary(path, "x" * (MIB - 11) + "\n")
    assert path.read_text() == "# Before\n" + "x" * (MIB - 11) + "\n"


def test_a_summary_that_makes_a_whole_mebibyte_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "summary"
    path.write_text("# Before\n")
    assert append_summary(path, "x" * (MIB - 10) + "\n")
    assert "summary is cut here" in path.read_text()


@pytest.mark.parametrize("before", [0, 1_000, MIB - 3_000])
def test_a_summary_that_is_too_large_ends_with_a_whole_line_and_says_that_it_is_cut(
    tmp_path: Path, before: int
) -> None:
    path = tmp_path / "summary"
    path.write_bytes(b"." * before)
    line = "| größe | ✅ |\n"
    assert append_summary(path, line * 100_000)
    ours = path.read_bytes()[before:].decode().removeprefix("\n" if before else "")
    table, _, notice = ours.partition("\n\n**")
    assert path.stat().st_size < MIB
    assert set((table + "\n").splitlines(keepends=True)) == {line}
    assert notice.startswith("This summary is cut here**")
    assert MIB - path.stat().st_size <= len(line.encode()) + 1, "as much as fits is kept"


def test_where_only_the_notice_fits_it_is_written_alone(tmp_path: Path) -> None:
    path = tmp_path / "summary"
    path.write_bytes(b"." * (MIB - 400) + b"\n")
    assert append_summary(path, "y" * 500 + "\n")
    assert path.stat().st_size < MIB
    assert "y" not in path.read_bytes()[MIB - 399 :].decode().partition("**")[0]
    assert "summary is cut here" in path.read_text()


@pytest.mark.parametrize("before", [MIB - 50, MIB, MIB + 10])
def test_a_full_summary_stays_as_it_is(tmp_path: Path, before: int) -> None:
    path = tmp_path / "summary"
    path.write_bytes(b"." * before)
    assert not append_summary(path, "## Ours\n" * 100)
    assert path.read_bytes() == b"." * before


def test_a_folder_in_the_files_place_is_an_operating_system_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="directory"):
        append_summary(tmp_path, "## Ours\n")
    with pytest.raises(OSError, match="directory"):
        write_outputs(tmp_path, {"verdict": "passed"})


@given(message=VALUES)
def test_the_runner_reads_every_message_back_as_it_was(message: str) -> None:
    for write, name in ((error_command, "error"), (warning_command, "warning")):
        (line,) = log_lines(write(message))
        assert parse_command(line) == Command(name, {}, message)


@pytest.mark.parametrize(
    "message",
    ["::set-output name=x::y", "a\n::error::b", "a\r::stop-commands::x", "##[error]x", "100%0A::error::x"],
)
def test_a_command_in_a_message_stays_text(message: str) -> None:
    (line,) = log_lines(warning_command(message))
    assert parse_command(line) == Command("warning", {}, message)


def test_a_message_longer_than_the_runner_keeps_is_cut_visibly() -> None:
    command = parse_command(error_command("%" * 5_000))
    assert command is not None
    assert command.message == "%" * 4_095 + "…"


def test_a_message_that_is_not_unicode_can_still_be_printed() -> None:
    assert error_command("caf\udce9").encode("utf-8") == b"::error::caf\\udce9"
