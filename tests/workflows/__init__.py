"""Sample workflows, run job by job without a runner."""
