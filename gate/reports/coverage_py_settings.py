"""What coverage.py's configuration leaves out of a report, found in the repository and never executed.

A data file holds what ran; which statements and branches count is said by `[report]` (coverage.py's
"Configuration reference"), so the numbers are coverage.py's only with the settings that it would use. It
looks in the folder where it runs. That is not recorded, and where it is unknown the nearest folder with
settings is taken: from the data file upwards, then from the measured source upwards.
"""

from __future__ import annotations

import posixpath
import tempfile
import warnings
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

import msgspec
from coverage.config import CoverageConfig
from coverage.files import GlobMatcher
from coverage.misc import join_regex, substitute_variables

from gate.errors import UnreadableArtifact
from gate.reports.model import Repository
from gate.text import one_line, quoted

CONFIGURATIONS = (
    (".coveragerc", True),
    (".coveragerc.toml", True),
    ("setup.cfg", False),
    ("tox.ini", False),
    ("pyproject.toml", False),
)
"""In coverage.py's order: the file, and whether it is coverage.py's own and counts without any setting."""

TRACERS = frozenset({"django_coverage_plugin", "Cython.Coverage"})
"""Plugins that measure other languages and leave alone what counts in Python's files."""

_ROOT = "/repository"
"""Stands for the place of the checkout, where patterns are held against absolute names."""


class Settings(msgspec.Struct, frozen=True):
    """What decides which statements, branches and files count.

    `exclude` and `partial` are regular expressions. `source` is the configuration's path, None where none
    was found. `include` and `omit` are file patterns, `has_paths` is whether there is a `[paths]`.
    """

    exclude: str
    partial: str
    source: str | None = None
    include: tuple[str, ...] = ()
    omit: tuple[str, ...] = ()
    has_paths: bool = False

    def leaves_out(self, name: str, path: str) -> bool:
        """Whether reports leave a file out, by its name in the data or by its place in the repository."""
        names = (name, f"{_ROOT}/{path}")
        if self.include and not any(map(_matcher(self.include).match, names)):
            return True
        return bool(self.omit) and any(map(_matcher(self.omit).match, names))


class Configurations:
    """The settings in one repository, each read once for all data files."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._by_folder: dict[str, Settings | None] = {}

    def of(self, path: str, origin: str | None) -> Settings:
        """The settings for a source file, of which data was found at `origin` in the repository.

        Raises UnreadableArtifact where they cannot be followed.
        """
        for folder in (*_near_data(origin), *_upwards(posixpath.dirname(path))):
            if folder not in self._by_folder:
                self._by_folder[folder] = self._in(folder)
            settings = self._by_folder[folder]
            if settings is not None:
                return settings
        return _defaults()

    def _in(self, folder: str) -> Settings | None:
        for name, own in CONFIGURATIONS:
            path = posixpath.join(folder, name)
            content = self._repository.read(path)
            # Most files of other tools hold no settings: they need not even be well formed.
            if content is None or not (own or b"coverage" in content):
                continue
            settings = _parsed(path, content, own)
            if settings is not None:
                return settings
        return None


def _near_data(origin: str | None) -> Iterator[str]:
    """The data file's folder and those above it. The root is no more near to it than to any source."""
    if origin is not None:
        folder = posixpath.dirname(origin)
        yield folder
        yield from (above for above in _upwards(folder) if above)


def _upwards(folder: str) -> Iterator[str]:
    while folder.strip("/"):
        yield folder
        folder = posixpath.dirname(folder)
    yield ""


@lru_cache(maxsize=100)
def _parsed(path: str, content: bytes, own: bool) -> Settings | None:
    """A configuration's settings; None where a file of other tools has none for coverage.py."""
    config = _Config()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, posixpath.basename(path))
        # coverage.py fills in variables of the environment, here those of the gate, which may be secret.
        # A doubled dollar is a plain one, so this way it gives every text as it is written.
        file.write_bytes(content.replace(b"$", b"$$"))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # an expression that Python will read otherwise one day
                used = config.from_file(str(file), lambda _: None, our_file=own)
            config.post_process()
        except Exception as error:  # whatever the parsers of three syntaxes trip over
            problem = one_line(str(error).replace(str(file), path))
            raise UnreadableArtifact(
                f"cannot be counted without the settings in {quoted(path)}: {problem}"
            ) from error
    return _settings(config, path) if used else None


class _Config(CoverageConfig):
    """Takes numbers and switches as text: none of them changes a count, and `$NAME` may stand for one."""

    CONFIG_FILE_OPTIONS = tuple(  # type: ignore[assignment]
        option[:2] if option[2:] in (("boolean",), ("int",), ("float",)) else option
        for option in CoverageConfig.CONFIG_FILE_OPTIONS
    )


@cache
def _defaults() -> Settings:
    return _settings(CoverageConfig(), None)


def _settings(config: CoverageConfig, path: str | None) -> Settings:
    plugins = [plugin for plugin in config.plugins if plugin not in TRACERS]
    if plugins:
        raise UnreadableArtifact(
            f"cannot be counted as coverage.py does: {quoted(path or '')} loads the plugin "
            f"{quoted(plugins[0])}, which may change what counts, and the gate runs no code of a repository; "
            "give coverage.py's JSON instead"
        )
    if config.report_contexts:
        raise UnreadableArtifact(
            f"cannot be counted as coverage.py does: {quoted(path or '')} limits reports to some contexts; "
            "give coverage.py's JSON instead"
        )
    variables = _Variables(path or "")

    def written(texts: list[str] | None) -> list[str]:
        return [substitute_variables(text, variables) for text in texts or ()]

    folder = posixpath.join(_ROOT, posixpath.dirname(path or ""))
    return Settings(
        join_regex(written(config.exclude_list)),
        join_regex(written(config.partial_list + config.partial_always_list)),
        path,
        tuple(_patterns(written(config.report_include), folder)),
        tuple(_patterns(written(config.report_omit), folder)),
        bool(config.paths),
    )


class _Variables(dict[str, str]):
    """Environment variables, none of which a setting may use."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path

    def __contains__(self, name: object) -> bool:
        raise UnreadableArtifact(
            f"cannot be counted as coverage.py does: {quoted(self._path)} takes {quoted(f'${name}')} "
            "from the environment, which is not that of the tests; give coverage.py's JSON instead"
        )


def _patterns(patterns: list[str], folder: str) -> Iterator[str]:
    """As coverage.py's `prep_patterns`, for the folder of the configuration."""
    for pattern in patterns:
        yield pattern
        if not pattern.startswith(("*", "?")):
            yield posixpath.normpath(posixpath.join(folder, pattern))


@lru_cache(maxsize=100)
def _matcher(patterns: tuple[str, ...]) -> GlobMatcher:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return GlobMatcher(patterns)
    except Exception as error:  # a pattern that makes no regular expression
        raise UnreadableArtifact(
            f"cannot be counted: a file pattern in coverage.py's settings is wrong: {one_line(str(error))}"
        ) from error
