"""The script that teams write: load coverage.py's JSON, compare the gated files with their thresholds.

    python check_json.py REPORT THRESHOLDS

Prints each file's counts: covered and all statements, taken and all branches.
"""

import json
import sys

with open(sys.argv[1]) as report:  # noqa: PTH123 - no import that it does not need
    files = json.load(report)["files"]
with open(sys.argv[2]) as thresholds:  # noqa: PTH123
    gated = json.load(thresholds)
failed = []
counts = {}
for path, (line, branch) in gated.items():
    summary = files[path]["summary"]
    counts[path] = [
        summary[name] for name in ("covered_lines", "num_statements", "covered_branches", "num_branches")
    ]
    covered, statements, taken, branches = counts[path]
    if covered * 100 < line * statements or taken * 100 < branch * branches:
        failed.append(path)
print(json.dumps(counts))
sys.exit(f"below: {failed}" if failed else 0)
