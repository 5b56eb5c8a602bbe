"""The policy's JSON Schema, made from the types that read it."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from gate.policy.model import Document

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def policy_schema() -> str:
    """The JSON Schema (draft 2020-12) of the policy document, as indented JSON text.

    It holds all that types can say. What the loader refuses beyond it: globs that cannot match, names of
    suites that do not exist, modules without any threshold, times over a week, numbers of absurd length.
    """
    return json.dumps(schema_document(), indent=2)


def schema_document() -> dict[str, Any]:
    """The same as a mapping."""
    generated = msgspec.json.schema(Document, schema_hook=_custom_type)
    definitions = generated["$defs"]
    document = definitions.pop(Document.__name__)
    head = {"$schema": DIALECT, **document, "title": "Policy of the module coverage gate"}
    return {**head, "$defs": definitions}


def _custom_type(_: type) -> dict[str, Any]:
    # The annotations of the model say all there is to say about the type of a percentage.
    return {}
