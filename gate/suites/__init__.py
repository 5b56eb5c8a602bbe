"""Suites: the commands of a tier, run from start to end, with nothing left behind."""
