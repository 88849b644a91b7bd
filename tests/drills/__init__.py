"""Faults of the machine, each under load, on both databases (``python -m tests.drills``)."""
