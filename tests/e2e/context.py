"""What run.py was told, for the tests: set once before any test runs."""

binary = None
plugins = None
sanitized = False
