"""The real image, built and run the way the runner does it."""
