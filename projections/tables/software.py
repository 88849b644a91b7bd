"""Which version of the software is running."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

DISTRIBUTION = "kyodo-record"


def software_version() -> str:
    """The version of the installed project."""
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "not installed"
