"""The policy: which modules there are, what each must reach, which suites run in which tier.

A YAML text becomes nodes with their places (`document`), the nodes become the document's types (`walk`,
`model`), these and the inputs become the one immutable `Policy` that everything else uses (`load`,
`resolved`). All mistakes of all sources are reported together (`mistakes`).
"""

from __future__ import annotations
