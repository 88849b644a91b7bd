"""Applications that are made once in a test process and put over one record after another.

With its endpoints, its templates and its description, making one is seconds of work; tests differ in the
record, which an application asks for when it is asked (api/setup/store.py). Where a test needs an application
of its own, its templates are compiled already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from api.serve.app import create_app
from api.setup.config import RecordSettings
from api.setup.store import StoreHolder
from api.setup.words_folder import words_folder


class CompiledOnce(BytecodeCache):
    """What the templates were compiled to, for every application of a test process."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledOnce()}

_idle: defaultdict[frozenset[Any], list[Flask]] = defaultdict(list)
"""By the settings they were made with, applications that nobody uses now."""
_made: list[Flask] = []
"""Every one of them. A test that fails may leave its application to the collector of garbage, which clears
what refers to it weakly before it is given back: here it stays whole."""


@contextmanager
def served(url: str, **settings: Any) -> Iterator[Flask]:
    """An application over the record at ``url``, as a new process would find it; the record is closed
    afterwards."""
    record = RecordSettings(database_url=url, secret_key="only for tests", **settings)
    further = words_folder(record)
    speaks_further = further.is_dir() and any(further.iterdir())  # its pages are made with the application
    idle = list[Flask]() if speaks_further else _idle[frozenset(settings.items())]
    if not idle:
        idle.append(create_app(record))
        _made.append(idle[-1])
    app = idle.pop()
    app.extensions["kyodo-store"] = StoreHolder(record)
    try:
        yield app
    finally:
        app.extensions["kyodo-store"].close()
        idle.append(app)
