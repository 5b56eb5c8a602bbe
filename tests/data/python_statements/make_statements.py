"""Adds to statements.json what this Python and this coverage.py take for statements in programs/odd.py.

Run it once with each: PYTHONPATH=<folder of coverage.py> python3.8 make_statements.py
"""

import json
import platform
import sys
from pathlib import Path

import coverage
from coverage.parser import PythonParser

HERE = Path(__file__).parent


def main() -> None:
    parser = PythonParser(text=(HERE / "programs" / "odd.py").read_text(), filename="odd.py")
    parser.parse_source()
    path = HERE / "statements.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    optimised = " -O" if sys.flags.optimize else ""
    known[f"coverage.py {coverage.__version__}, Python {platform.python_version()}{optimised}"] = {
        "statements": sorted(parser.statements),
        "may_run": sorted(parser.first_lines(parser.raw_statements)),
    }
    entries = ",\n".join(f"{json.dumps(name)}: {json.dumps(known[name])}" for name in sorted(known))
    path.write_text(f"{{\n{entries}\n}}\n")


if __name__ == "__main__":
    main()
