"""The record as JSON: one file per family of collections, all registered here."""

from flask import Blueprint

from api.contents import download
from api.resources import (
    access,
    changes,
    collections,
    due,
    events,
    metrics,
    people,
    questions,
    record,
    search,
)


def blueprint() -> Blueprint:
    """Every read, made when the application is: some addresses follow from what the registry has loaded."""
    made = Blueprint("resources", __name__, url_prefix="/api/v1")
    for family in (
        access,
        changes,
        collections,
        download,
        due,
        events,
        metrics,
        people,
        questions,
        record,
        search,
    ):
        family.register(made)
    return made
