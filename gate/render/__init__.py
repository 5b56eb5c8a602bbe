"""Verdict to Markdown: the comment, the job summary, the check and the commit status."""
