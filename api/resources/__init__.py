"""The record as JSON: one file per family of collections, all registered here."""

from flask import Blueprint

from api.resources import collections, events, questions, record

blueprint = Blueprint("resources", __name__, url_prefix="/api/v1")
for family in (collections, events, questions, record):
    family.register(blueprint)
