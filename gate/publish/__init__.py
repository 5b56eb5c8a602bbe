"""Telling the runner (its files and log commands) and GitHub (a comment, a check) of a verdict."""
