"""No text, however broken or hostile, gets anything out of the loader but a policy or a PolicyError."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given, settings
from hypothesis import strategies as st

from gate.policy.load import Source, load_policy
from gate.policy.mistakes import PolicyError
from gate.policy.resolved import Policy
from tests.policy.loading import PUBLISHED

pieces = st.sampled_from(
    [
        *"[]{}:,-?!&*|>'\"%@`#~=<\\/ \t\n\r.0123456789",
        *(
            "\n  ",
            ": ",
            "- ",
            "---\n",
            "...\n",
            "&a ",
            "*a",
            "<<: ",
            "!!int ",
            "!<x> ",
            "%YAML 1.1\n",
            "%TAG ! x\n",
        ),
        *(
            "version: 1\n",
            "modules:\n",
            "  a: x\n",
            "files: ",
            "line: ",
            "85",
            "1e999999999",
            ".nan",
            "off",
            "null",
        ),
        *("\\x00", "\\ud800", "\\UFFFFFFFF", "\x00", "\x1b", "\u2028", "\u202e", "\ufeff", "é", "\U0001f600"),
    ]
)
yaml_like = st.lists(pieces, max_size=40).map("".join)
spliced = st.builds(
    lambda start, length, text: PUBLISHED[:start] + text + PUBLISHED[start + length :],
    st.integers(0, len(PUBLISHED)),
    st.integers(0, 40),
    st.one_of(yaml_like, st.text(max_size=5)),
)
sources = st.one_of(
    st.binary(max_size=200),
    st.one_of(yaml_like, spliced, st.text(max_size=100)).map(
        lambda text: text.encode("utf-8", "surrogatepass")
    ),
)
inputs = st.one_of(st.none(), st.text(max_size=8), st.sampled_from(["85", "85%", "1e9", "pr-fast"]))
lines = st.lists(st.one_of(st.text(max_size=8), st.sampled_from(["a=b", "=", "a=../b"])), max_size=3).map(
    tuple
)


def outcome(policy: bytes | None, modules: bytes | None, **rest: object) -> Policy | PolicyError:
    try:
        return load_policy(
            None if policy is None else Source("file", policy),
            None if modules is None else Source("input modules", modules),
            **rest,  # type: ignore[arg-type]
        )
    except PolicyError as error:
        return error


@settings(max_examples=600, deadline=None)
@given(sources)
@example(b'"\\UFFFFFFFF"')
@example(b"%YAML 1.1\n---\nx: off")
@example(b"%YAML 3.0\n---\n")
@example(b"? ? ? a")
@example(b"!")
@example(b"x: !<")
@example("version: 1\nmodules: {\u202e: a}".encode())
def test_any_policy_text_gives_a_policy_or_its_mistakes_in_printable_lines(text: bytes) -> None:
    result = outcome(text, None, coverage_files=("c.json",))
    if isinstance(result, PolicyError):
        assert result.mistakes
        for line in str(result).splitlines():
            assert not {unicodedata.category(character) for character in line} & {
                "Cc",
                "Cf",
                "Cs",
                "Zl",
                "Zp",
            }
            assert len(line) < 2000
    else:
        assert result.modules


@settings(deadline=None)
@given(
    st.one_of(st.none(), spliced.map(str.encode)),
    st.one_of(st.none(), sources),
    st.fixed_dictionaries(
        {
            "line_threshold": inputs,
            "branch_threshold": inputs,
            "tier": inputs,
            "coverage_files": lines,
            "junit_files": lines,
            "path_map": lines,
        }
    ),
)
def test_any_inputs_give_a_policy_or_mistakes(
    policy: bytes | None, modules: bytes | None, rest: dict[str, object]
) -> None:
    result = outcome(policy, modules, **rest)
    if isinstance(result, Policy):
        assert all(module.line is not None or module.branch is not None for module in result.modules)
        assert all(
            0 <= limit <= 100 for module in result.modules for limit in (module.line, module.branch) if limit
        )
    else:
        assert str(result)
