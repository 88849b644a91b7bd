"""Rule-questions: what a rule of the domain asks of views, by name (``Reader`` in domain/kernel/commands.py).

A rule decides by its own aggregate and by those that it finds by id. What no single stream knows (which
meetings of a council are still open) it asks here, and only of views that say that rules read them: so it is
told in one place what a command depends on besides the log. (Whether a name has been taken is looked up in
the table of claims, which is no view.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from domain.kernel.commands import Reader
from projections.engine.view import View


@dataclass(frozen=True)
class RuleQuestion:
    """A question by the name under which rules ask it, in a sentence. ``answer`` gets an id and gives ids; it
    asks ``views`` and no other."""

    name: str
    ja: str
    en: str
    views: tuple[View, ...]
    answer: Callable[[sa.Connection, str], list[str]]


def declared(questions: Iterable[RuleQuestion], views: Iterable[View]) -> dict[str, RuleQuestion]:
    """The questions by name. ValueError: no rule can ask one, it asks a view that does not say that rules
    read it, two have one name, or rules do not read a view that says so."""
    by_name: dict[str, RuleQuestion] = {}
    for question in questions:
        if not hasattr(Reader, question.name):
            raise ValueError(f"no rule can ask {question.name}: Reader has no such question")
        if question.name in by_name:
            raise ValueError(f"declared twice: {question.name}")
        if undeclared := [view.name for view in question.views if not view.read_by_rules]:
            raise ValueError(f"{question.name} asks {', '.join(undeclared)}: declare read_by_rules there")
        by_name[question.name] = question
    names = {view.name for question in by_name.values() for view in question.views}
    if idle := [view.name for view in views if view.read_by_rules and view.name not in names]:
        raise ValueError(f"no rule-question asks {', '.join(idle)}: read_by_rules is not so")
    return by_name
