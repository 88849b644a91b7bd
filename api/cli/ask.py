"""``kyodo ask``: the questions of domain.md 5 in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from api.cli.shell import REFUSED, Shell, json_option, pass_shell, past_options
from api.http.problems import InvalidInput
from api.reads.question_params import described, put
from domain.kernel.refusals import UNKNOWN_ID
from domain.kernel.viewer import Viewer
from projections.questions.question import QUESTIONS


@click.command()
@click.argument("code", required=False)
@click.argument("parameters", nargs=-1, metavar="[NAME=VALUE]...")
@past_options
@json_option
@pass_shell
def ask(shell: Shell, code: str | None, parameters: tuple[str, ...]) -> None:
    """質問する。 Ask a question of the catalogue: kyodo ask S1 id=matter-0001. Alone: the catalogue."""
    if code is None:
        _catalogue(shell)
        return
    question = QUESTIONS.get(code.upper())
    if question is None:
        raise UNKNOWN_ID(kind="質問", kind_en="question", id=code)
    try:
        with shell.reading() as connection:
            answer = put(connection, question, _pairs(parameters), Viewer(staff=True))
    except InvalidInput as wrong:
        for fault in wrong.faults:
            shell.refuse(fault)
        raise SystemExit(REFUSED) from None
    shell.result(answer)
    if not shell.as_json:
        for line in _told(answer, shell):
            click.echo(line)


def _catalogue(shell: Shell) -> None:
    listed = [described(question) for question in QUESTIONS.values()]
    shell.result(listed)
    headings = ("", shell.tr("質問", "question"), shell.tr("引数（*は必須）", "parameters (* required)"))
    rows = [
        (
            entry["question"],
            entry["title"][shell.language],
            " ".join(f"{p['name']}{'*' if p['required'] else ''}" for p in entry["parameters"]),
        )
        for entry in listed
    ]
    shell.table(headings, rows)


def _pairs(parameters: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for pair in parameters:
        name, is_pair, value = pair.partition("=")
        if not is_pair:
            raise click.UsageError(f"NAME=VALUE: {pair}")
        pairs[name] = value
    return pairs


def _told(answer: Mapping[str, Any], shell: Shell) -> Iterator[str]:
    language = shell.language
    yield f"{answer['question']} {answer['title'][language]}"
    yield answer["says"][language]
    yield ""
    yield from outline(answer["answer"], language)
    if answer["events"]:
        yield shell.tr("\n根拠となる出来事", "\nRests on")
        for event in answer["events"]:
            when = event["effective"]["full_label"][language]
            yield f"  #{event['position']}  {event['label'][language]}  {when}  {event['recorded_at']}"
    for source in answer["sources"]:
        yield f"  {shell.tr('出典', 'source')}: {source['title'] or source['document_id']}"
    if answer["unknown"]:
        yield shell.tr("\n記録にないもの", "\nNot recorded")
        for gap in answer["unknown"]:
            yield f"  {gap[language]}"


def outline(value: Any, language: str, depth: int = 1) -> Iterator[str]:
    """An answer's content as an indented outline; a text in both languages in the reader's."""
    indent = "  " * depth
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value, 1):
        label = name if isinstance(value, dict) else "-"
        if isinstance(inner, dict) and inner.keys() == {"ja", "en"}:
            yield f"{indent}{label}: {inner[language]}"
        elif isinstance(inner, dict | list | tuple) and inner:
            yield f"{indent}{label}:"
            yield from outline(inner, language, depth + 1)
        else:
            shown = _word(inner, language)
            yield f"{indent}{label}: {shown}" if isinstance(value, dict) else f"{indent}- {shown}"


def _word(value: Any, language: str) -> str:
    """A single value as a person reads it: null is “unknown”, never 0."""
    if value is None:
        return "不明" if language == "ja" else "unknown"
    if isinstance(value, bool):
        return {"ja": ("いいえ", "はい"), "en": ("no", "yes")}[language][value]
    return "—" if value in ([], (), {}, "") else str(value)
