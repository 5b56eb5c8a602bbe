"""Counts the outcomes in a JUnit report with junitparser.

python count_tests.py FILE
"""

import json
import sys

from junitparser import Error, Failure, JUnitXml, Skipped

counts = {"total": 0, "failed": 0, "errors": 0, "skipped": 0}
for suite in JUnitXml.fromfile(sys.argv[1]):
    for case in suite:
        counts["total"] += 1
        for result in case.result:
            if isinstance(result, Failure):
                counts["failed"] += 1
            elif isinstance(result, Error):
                counts["errors"] += 1
            elif isinstance(result, Skipped):
                counts["skipped"] += 1
print(json.dumps(counts))
