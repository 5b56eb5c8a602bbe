"""The confidence runner: a tier's suites as processes, in their containers, to one evidence folder."""
