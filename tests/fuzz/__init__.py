"""Fuzzing of the report readers on real samples, guided by the lines that a mutant reaches.

    make fuzz                     # ten minutes for each format
    make fuzz SECONDS=60 FORMAT=lcov

What it finds is kept in `tests/data/fuzz/<format>/` and read by `tests/reports/test_fuzz_findings.py` ever
after.
"""
