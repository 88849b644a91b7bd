"""What many ask for at the same moment is answered once, and no thread waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder

from api.http.answer_cache import Answers
from api.http.waiting import PLACE
from api.serve.worker.places import Place
from tests.api.conftest import application


@pytest.fixture
def app(any_record_url: str) -> Iterator[Flask]:
    yield from application(any_record_url)


class Asker:
    """A request with a place, asked in a thread of its own and again when it is woken, as the worker does."""

    def __init__(self, app: Flask, path: str):
        self.app, self.path = app, path
        self.place = Place(self._again, lambda: True)
        self.said: list[tuple[str, bytes]] = []
        self.waited = threading.Event()
        self.done = threading.Event()
        self._again()

    def _again(self) -> None:
        threading.Thread(target=self._ask).start()

    def _ask(self) -> None:
        environ = EnvironBuilder(path=self.path).get_environ() | {PLACE: self.place}
        self.place.is_taken = False
        status: list[str] = []
        parts = self.app.wsgi_app(environ, lambda said, headers, exc=None: status.append(said))  # type: ignore
        body = b"".join(parts)
        if self.place.is_taken:
            self.waited.set()
            return
        self.said.append((status[0], body))
        self.done.set()


def slowed(app: Flask, go: threading.Event, begun: threading.Event) -> list[str]:
    """Let every answer wait for ``go``; the paths that the application was asked for."""
    answers: Any = app.wsgi_app
    while not isinstance(answers, Answers):
        answers = answers._app
    inner: Callable[..., Any] = answers._inner
    asked: list[str] = []

    def wait(environ: Any, start: Any) -> Any:
        asked.append(environ["PATH_INFO"])
        begun.set()
        assert go.wait(20)
        return inner(environ, start)

    answers._inner = wait
    return asked


def test_what_many_ask_for_at_once_is_answered_once(app: Flask) -> None:
    go, begun = threading.Event(), threading.Event()
    asked = slowed(app, go, begun)
    first = Asker(app, "/timeline")
    assert begun.wait(20)
    others = [Asker(app, "/timeline") for _ in range(10)]
    assert all(other.waited.wait(20) for other in others)
    go.set()
    assert all(asker.done.wait(20) for asker in [first, *others])
    assert asked == ["/timeline"]
    assert {tuple(asker.said) for asker in others} == {tuple(first.said)}
    assert first.said[0][0].startswith("200")


def test_who_has_waited_in_vain_is_answered_themselves(app: Flask) -> None:
    """A refusal is kept for nobody: each gets their own, and nobody waits twice."""
    go, begun = threading.Event(), threading.Event()
    asked = slowed(app, go, begun)
    first = Asker(app, "/api/v1/matters/no-such-thing")
    assert begun.wait(20)
    others = [Asker(app, "/api/v1/matters/no-such-thing") for _ in range(3)]
    assert all(other.waited.wait(20) for other in others)
    go.set()
    assert all(asker.done.wait(20) for asker in [first, *others])
    assert len(asked) == 4
    assert {asker.said[0][0][:3] for asker in [first, *others]} == {"404"}
