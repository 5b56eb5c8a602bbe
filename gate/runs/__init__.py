"""Finished runs: their evidence folders read back, verified, compared, kept and shown."""
