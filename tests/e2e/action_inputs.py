"""The variables that the runner makes of action.yml and a step's `with:`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from ruamel.yaml import YAML

_GITHUB_CONTEXT = re.compile(r"\$\{\{\s*github\.(\w+)\s*\}\}")


def input_variables(action: Path, given: Mapping[str, str], context: Mapping[str, str]) -> dict[str, str]:
    """`INPUT_*` for each declared input, by default where the step gives nothing, and for what else is given.

    `context` holds the values of `github.NAME`, the only expressions that a default may use here.
    """
    declared = YAML(typ="safe").load(action.read_text(encoding="utf-8"))["inputs"]
    values = {name: _default(entry or {}, context) for name, entry in declared.items()}
    return {variable_name(name): value for name, value in {**values, **given}.items()}


def variable_name(name: str) -> str:
    """Spaces become underscores, letters capitals; dashes stay."""
    return "INPUT_" + name.replace(" ", "_").upper()


def _default(entry: Mapping[str, object], context: Mapping[str, str]) -> str:
    default = entry.get("default", "")
    # The runner turns a YAML boolean into its JSON spelling.
    text = str(default).lower() if isinstance(default, bool) else str(default)
    return _GITHUB_CONTEXT.sub(lambda match: context[match[1]], text)
