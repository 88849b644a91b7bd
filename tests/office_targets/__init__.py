"""The targets of the office, measured in Chromium: ``python -m tests.office_targets``."""
