"""Commands that run in a container: the part that starts it, told from the part that runs in it.

The command lines are those of docker, podman and their compose (docker 28, podman 5, by their `--help`).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

ENGINES = frozenset({"docker", "podman", "nerdctl"})
COMPOSE = frozenset({"docker-compose", "podman-compose"})

_SWITCHES = frozenset(
    """
    --rm --detach --init --interactive --tty --no-tty --no-TTY --privileged --read-only --publish-all
    --no-healthcheck --quiet --oom-kill-disable --sig-proxy --no-deps --service-ports --use-aliases
    --build --quiet-pull --quiet-build --remove-orphans --no-hosts --replace --rmi --no-build
    --all-resources --compatibility --dry-run --debug --tls --tlsverify --remote
    """.split()  # noqa: SIM905 - a list of quoted words would take a page
)
"""Options without a value; every other option takes the next word, unless it holds an equals sign."""
_SHORT_SWITCHES = "itdqPTD"
"""Letters without a value; several may stand together, and one with a value after them."""

_OTHERWISE = ("--entrypoint", "--name", "--cidfile", "--restart", "--detach", "-d", "--rm")
"""Of a `run`, what is the suite's own container's: another one must not take its name, nor stay."""


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
    words.skip_options(without=() if verb == "exec" else _OTHERWISE)
    name = words.next()
    if name is None:
        return None
    head, options = argv[:at], words.kept
    if verb == "exec":
        return (*head, *options, name, "/bin/sh", *script)
    return (*head, "--rm", "--entrypoint", "/bin/sh", *options, name, *script)


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
            takes_next = "=" not in option and _takes_next(option)
            length = 2 if takes_next else 1
            yield tuple(self._argv[self.at : self.at + length])
            self.at += length


def _takes_next(option: str) -> bool:
    """Whether an option's value is the next word: a switch has none, and -eNAME and -v/a:/b hold theirs."""
    if option.startswith("--"):
        return option not in _SWITCHES
    return len(option[1:].lstrip(_SHORT_SWITCHES)) == 1
