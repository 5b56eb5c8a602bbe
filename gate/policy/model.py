"""The policy document as it is written: its keys, their types, ranges and meaning.

Reading (`walk`) and the JSON Schema (`schema`) are both driven by these types, so they cannot diverge.
`extra["form"]` completes the sentence "must be …" where the type alone would not say enough.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

Text: TypeAlias = Annotated[str, Meta(min_length=1)]

Percent: TypeAlias = Annotated[
    Fraction, Meta(extra_json_schema={"type": "number", "minimum": 0, "maximum": 100})
]

Glob: TypeAlias = Annotated[str, Meta(min_length=1, max_length=1000)]
Globs: TypeAlias = Glob | Annotated[list[Glob], Meta(min_length=1)]

ModuleName: TypeAlias = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=200,
        pattern=r"^[^\x00-\x1f\x7f]+$",
        extra={"form": "a name without control characters"},
    ),
]
TierName: TypeAlias = ModuleName
# A suite's name becomes part of the names of its log files.
SuiteName: TypeAlias = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=100,
        pattern=r"^(?!\.)[^/\\\x00-\x1f\x7f]+$",
        extra={"form": "a name that can be a file's: no slashes, no control characters, no dot in front"},
    ),
]
ArtifactKind: TypeAlias = Annotated[
    str,
    Meta(
        max_length=50,
        pattern=r"^[A-Za-z][A-Za-z0-9_-]*$",
        extra={"form": "a kind such as junit, coverage, log or trace: letters, digits, '_' and '-'"},
    ),
]
ArtifactPath: TypeAlias = Annotated[
    str,
    Meta(
        max_length=500,
        pattern=r"^(?!/)(?!(?:.*/)?\.{1,2}(?:/|$))[^\\\x00-\x1f\x7f]*[^/\\\x00-\x1f\x7f]$",
        extra={"form": "a file's path in the evidence folder, such as junit/unit.xml, without '.' and '..'"},
    ),
]
VariableName: TypeAlias = Annotated[
    str,
    Meta(
        max_length=200,
        pattern=r"^[A-Za-z_][A-Za-z0-9_]*$",
        extra={"form": "a variable's name: letters, digits and '_', no digit in front"},
    ),
]
Folder: TypeAlias = Annotated[
    str,
    Meta(
        max_length=500,
        pattern=r"^(?!/)(?!(?:.*/)?\.\.(?:/|$))[^\\\x00-\x1f\x7f]*$",
        extra={"form": "a path relative to the repository's root, with '/' and without '..'"},
    ),
]
Timeout: TypeAlias = (
    Annotated[int, Meta(ge=1, le=604_800)]
    | Annotated[
        str,
        Meta(
            pattern=r"^(?=.*[1-9])(?:[0-9]{1,6}h)?(?:[0-9]{1,6}m)?(?:[0-9]{1,6}s)?$",
            extra={"form": "a duration such as 30m, 90s or 1h30m"},
        ),
    ]
)


Expected: TypeAlias = dict[
    ArtifactKind, Annotated[int, Meta(ge=1, le=1000)] | Glob | Annotated[list[Glob], Meta(min_length=1)]
]


class Table(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """A mapping whose keys are all known."""


class Thresholds(Table, frozen=True):
    """What every module must reach that does not say otherwise."""

    line: Annotated[
        Percent | UnsetType, Meta(description="Least line coverage in percent, for modules that set none.")
    ] = UNSET
    branch: Annotated[
        Percent | UnsetType, Meta(description="Least branch coverage in percent, for modules that set none.")
    ] = UNSET


class Module(Table, frozen=True):
    """A part of the code with its own thresholds."""

    files: Annotated[
        Globs, Meta(description="Gitignore-style globs of the module's files, from the repository's root.")
    ]
    line: Annotated[
        Percent | UnsetType, Meta(description="Least line coverage of this module in percent.")
    ] = UNSET
    branch: Annotated[
        Percent | UnsetType, Meta(description="Least branch coverage of this module in percent.")
    ] = UNSET
    allow_empty: Annotated[bool, Meta(description="Whether the module may hold no statements at all.")] = (
        False
    )
    unmeasured: Annotated[
        Literal["error", "warn", "ignore"],
        Meta(description="What a file of the module means that holds statements and that no report names."),
    ] = "error"


class FlakeBudget(Table, frozen=True):
    """How many tests may change their outcome from run to run of one commit."""

    runs: Annotated[
        Annotated[int, Meta(ge=2, le=1000)],
        Meta(description="So many of the latest runs in the evidence root are held against each other."),
    ]
    percent: Annotated[
        Percent, Meta(description="Of all tests in these runs, so many percent at most may be flaky.")
    ]


class Keep(Table, frozen=True):
    """How many runs `gate prune` leaves in the evidence root."""

    passed: Annotated[
        Annotated[int, Meta(ge=1, le=100_000)],
        Meta(description="So many of the latest runs that passed stay."),
    ]
    failed: Annotated[
        Annotated[int, Meta(ge=0, le=100_000)],
        Meta(description="So many of the latest runs that did not pass stay."),
    ]


class Tier(Table, frozen=True):
    """Which suites run together, and what their coverage decides."""

    coverage: Annotated[
        Literal["enforce", "report", "off"],
        Meta(description="Whether a missed threshold fails, is only reported, or no coverage is expected."),
    ] = "enforce"
    suites: Annotated[list[Text], Meta(description="The suites that the tier runs, in this order.")] = []
    consecutive_runs: Annotated[
        Annotated[int, Meta(ge=1, le=100)],
        Meta(description="So many runs of one commit in a row must pass and agree with each other."),
    ] = 1
    flake_budget: Annotated[
        FlakeBudget | UnsetType, Meta(description="How many tests may be flaky over the latest runs.")
    ] = UNSET
    expect: Annotated[
        Expected, Meta(description="What must be there in this tier; replaces the policy's by kind.")
    ] = {}


class Suite(Table, frozen=True):
    """One test command and what it leaves."""

    command: Annotated[
        Text | Annotated[list[Text], Meta(min_length=1)],
        Meta(
            description="A program with its arguments, split as a shell would if it is a text; {kind} is the "
            "path of an artifact as the command sees it, {run_dir} the evidence folder."
        ),
    ]
    shell: Annotated[
        bool, Meta(description="Whether the command, a text, is run by a shell (sh -c) and not split.")
    ] = False
    timeout: Annotated[
        Timeout | UnsetType,
        Meta(description="Longest time of the command: 30m, 90s, 1h30m or seconds; a week at most."),
    ] = UNSET
    artifacts: Annotated[
        dict[ArtifactKind, ArtifactPath],
        Meta(description="What the command leaves: kind to path in the evidence folder."),
    ] = {}
    mount: Annotated[
        Folder | UnsetType,
        Meta(description="The folder of the repository that the suite's container sees as its whole tree."),
    ] = UNSET
    blocking: Annotated[bool, Meta(description="Whether a failed test of this suite fails the gate.")] = True
    env: Annotated[
        dict[VariableName, str],
        Meta(
            description="Environment variables of the command, besides those of the gate's own environment."
        ),
    ] = {}
    working_directory: Annotated[
        Folder | UnsetType, Meta(description="Where the command runs, from the workspace.")
    ] = UNSET
    retries: Annotated[
        Annotated[int, Meta(ge=0, le=10)],
        Meta(description="How often a command that failed is run again; what passed then only is said."),
    ] = 0
    after: Annotated[
        list[Text], Meta(description="Suites of the same tier that end before this one begins.")
    ] = []


ModuleEntry: TypeAlias = Globs | Module
Modules: TypeAlias = dict[ModuleName, ModuleEntry]


class Document(Table, frozen=True):
    """Thresholds per module of the module coverage gate."""

    version: Annotated[Literal[1], Meta(description="The version of this grammar.")]
    coverage_files: Annotated[
        Text | list[Text], Meta(description="Paths or globs of the coverage reports, from the workspace.")
    ] = []
    junit_files: Annotated[
        Text | list[Text], Meta(description="Paths or globs of the JUnit reports, from the workspace.")
    ] = []
    path_map: Annotated[
        dict[Text, Folder],
        Meta(description="Prefix in a report to path in the repository (empty: its root); the longest wins."),
    ] = {}
    thresholds: Annotated[Thresholds, Meta(description="Thresholds for modules that set none.")] = (
        Thresholds()
    )
    modules: Annotated[
        Modules, Meta(description="The modules by name; a text or a list is short for files alone.")
    ] = {}
    tiers: Annotated[dict[TierName, Tier], Meta(description="The tiers by name.")] = {}
    suites: Annotated[dict[SuiteName, Suite], Meta(description="The suites by name.")] = {}
    expect: Annotated[
        Expected,
        Meta(description="What must be there by kind: how many artifacts, or the ends of their paths."),
    ] = {}
    keep: Annotated[
        Keep | UnsetType, Meta(description="How many runs stay when `gate prune` removes old ones.")
    ] = UNSET
