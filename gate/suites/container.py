"""Commands that run in a container: the part that starts it, told from the part that runs in it.

The command lines are those of docker, podman and their compose (docker 28, podman 5, by their `--help`).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

ENGINES = frozenset({"docker", "podman", "nerdctl"})
COMPOSE = frozenset({"docker-compose", "podman-compose"})

_SWITCHES = frozenset(
    {
        *(
            "--rm",
            "-i",
            "-t",
            "-it",
            "-ti",
            "-T",
            "-d",
            "-P",
            "-q",
            "--detach",
            "--init",
            "--interactive",
            "--tty",
        ),
        *(
            "--no-tty",
            "--no-TTY",
            "--privileged",
            "--read-only",
            "--publish-all",
            "--no-healthcheck",
            "--quiet",
        ),
        *("--oom-kill-disable", "--sig-proxy", "--no-deps", "--service-ports", "--use-aliases", "--build"),
        *(
            "--quiet-pull",
            "--quiet-build",
            "--remove-orphans",
            "--no-hosts",
            "--replace",
            "--rmi",
            "--no-build",
        ),
        *(
            "--all-resources",
            "--compatibility",
            "--dry-run",
            "--debug",
            "-D",
            "--tls",
            "--tlsverify",
            "--remote",
        ),
    }
)
"""Options without a value; every other option takes the next word, unless it holds an equals sign."""


def started_by(argv: Sequence[str], script: Sequence[str]) -> tuple[str, ...] | None:
    """The same container with another program in it: a shell with these arguments.

    None where the command is not one that is known to start a program in a container.
    """
    words = _Words(argv)
    program = posixpath.basename(words.next() or "")
    if program not in ENGINES | COMPOSE:
        return None
    words.skip_options()
    verb = words.next()
    if program in ENGINES and verb in ("compose", "container"):
        words.skip_options()
        verb = words.next()
    if verb not in ("run", "exec"):
        return None
    at = words.at
    words.skip_options(without=("--entrypoint",))
    name = words.next()
    if name is None:
        return None
    head, options = argv[:at], words.kept
    if verb == "exec":
        return (*head, *options, name, "/bin/sh", *script)
    return (*head, "--entrypoint", "/bin/sh", *options, name, *script)


class _Words:
    """A command line, read word by word. `kept` are the options that were passed over last."""

    def __init__(self, argv: Sequence[str]) -> None:
        self._argv = argv
        self.at = 0
        self.kept: tuple[str, ...] = ()

    def next(self) -> str | None:
        """The next word; None at the end."""
        if self.at >= len(self._argv):
            return None
        self.at += 1
        return self._argv[self.at - 1]

    def skip_options(self, without: tuple[str, ...] = ()) -> None:
        """Pass over options and their values; those named are not kept."""
        self.kept = tuple(
            word
            for option in self._options()
            if option[0].partition("=")[0] not in without
            for word in option
        )

    def _options(self) -> Iterator[tuple[str, ...]]:
        while self.at < len(self._argv) and self._argv[self.at].startswith("-"):
            option = self._argv[self.at]
            takes_next = option not in _SWITCHES and "=" not in option and not _is_attached(option)
            length = 2 if takes_next else 1
            yield tuple(self._argv[self.at : self.at + length])
            self.at += length


def _is_attached(option: str) -> bool:
    """A short option with its value in the same word: -eNAME, -v/a:/b."""
    return not option.startswith("--") and len(option) > 2  # noqa: PLR2004 - a dash and a letter
