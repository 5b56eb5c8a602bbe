"""The module coverage gate: line and branch coverage per module, never green without proof."""

from __future__ import annotations

__version__ = "1.0.0"
