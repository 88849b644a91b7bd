"""What every command of ``kyodo`` shares: language, JSON or text, the record, progress, and how it ends.

Exit codes: 0 done, 1 refused, 2 wrong usage, 3 something is not as recorded (a view, a
file, a page of the database), 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

import click
import msgspec
import sqlalchemy as sa
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from api.http.catalogues import Catalogue
from api.http.language import in_language
from api.reads.as_of import day_of
from api.setup.config import ProcessSettings, RecordSettings
from api.setup.store import refuse_unusable
from domain.values.refusal import Language, Refusal
from projections.engine.store import Store
from projections.engine.view import View
from projections.past.files import Moment
from projections.past.kept_files import Pasts
from projections.past.single_thing import reading_one
from projections.registry import open_store

OK, REFUSED, USAGE, DIFFERS, INTERRUPTED = 0, 1, 2, 3, 130


class Advance(Protocol):
    def __call__(self, done: int, of: int, doing: str | None = None) -> None:
        """Tell how far it is: done, of how many; and what is being done, if that has changed."""


@dataclass
class Shell:
    """One call of ``kyodo``."""

    process: ProcessSettings
    record: RecordSettings
    language: Language
    as_json: bool = False
    catalogue: Catalogue | None = None
    """The further language that this call speaks, if it speaks one; ``language`` is then English."""
    moment: Moment = field(default_factory=Moment)
    """The moment that is asked about; today if nothing else is said (:func:`past_options`)."""

    # -- speaking

    def tr(self, ja: str, en: str) -> str:
        if self.catalogue is not None:
            return self.catalogue.say(ja, en)
        return ja if self.language == "ja" else en

    def spoken(self, say: Callable[[Language], str]) -> str:
        """What says itself in either of our languages, in that of this call."""
        return self.tr(say("ja"), say("en"))

    def say(self, ja: str, en: str) -> None:
        """A sentence for people; programs that asked for JSON do not get it."""
        if not self.as_json:
            click.echo(self.tr(ja, en))

    def result(self, value: Any) -> None:
        """The result for programs, if JSON was asked for."""
        if self.as_json:
            click.echo(msgspec.json.format(msgspec.json.encode(value, order="deterministic"), indent=2))

    def refusals(self, entries: Any, **more: Any) -> None:
        """Why not, for programs: one line of standard error, as progress is, never among results."""
        if self.as_json:
            line = msgspec.json.encode({"refused": entries, **more}, order="deterministic")
            click.echo(line, err=True)

    def table(self, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """A table for people; into a pipe, one row a line with tabs between."""
        if self.as_json:
            return
        lines = [["—" if cell is None else str(cell) for cell in row] for row in rows]
        if not sys.stdout.isatty():
            for line in (headings, *lines):
                click.echo("\t".join(line))
            return
        shown = Table(*headings, box=None, pad_edge=False)
        for line in lines:
            shown.add_row(*line)
        Console(markup=False, highlight=False).print(shown)

    def refuse(self, refused: Refusal) -> None:
        """Say why not, by which rule, and what to do next."""
        if self.as_json:
            self.refusals(self.told(refused))
            return
        where = f" [{refused.pointer}]" if refused.pointer else ""
        click.echo(f"{refused.code}{where}: {self.spoken(refused.sentence)}", err=True)
        click.echo(
            f"{self.tr('規則', 'rule')}: {self.spoken(refused.rule)} {self.rule_url(refused)}", err=True
        )
        click.echo(f"{self.tr('次に', 'next')}: {self.spoken(refused.what_next)}", err=True)

    def told(self, refused: Refusal) -> dict[str, Any]:
        """A refusal for programs."""
        return {
            "code": refused.code,
            "detail": self.spoken(refused.sentence),
            "pointer": refused.pointer,
            "rule": self.spoken(refused.rule),
            "rule_url": self.rule_url(refused),
            "what_next": self.spoken(refused.what_next),
        }

    def rule_url(self, refused: Refusal) -> str:
        """Where the rule of a refusal can be read, in the language of this call."""
        return self.address + in_language(self.language, refused.declared.rule.address)

    def confirm(self, ja: str, en: str, yes: bool) -> None:
        """Go on only with ``--yes`` or, in a terminal, with a person's consent."""
        if yes:
            return
        if self.as_json or not sys.stdin.isatty():
            raise click.UsageError(f"{self.tr(ja, en)} {self.tr('--yes が要ります。', 'This needs --yes.')}")
        click.confirm(self.tr(ja, en), abort=True)

    @property
    def address(self) -> str:
        """Where people find the service."""
        return self.record.public_url or self.process.local_url

    # -- doing

    @contextmanager
    def store(self, *, create: bool = False) -> Iterator[Store]:
        """The record of this call. Refuses ``RECORD_MISSING`` and ``RECORD_OUTDATED``, unless it is about to
        be created or brought up to date."""
        store = open_store(self.record.database_url)
        try:
            if not create:
                refuse_unusable(store)
            yield store
        finally:
            store.close()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection to the record of this call, at the moment it asks about."""
        with self.store() as store, store.reading() as living:
            if not self.moment.is_past:
                yield living
                return
            with self._pasts(store).reading(self.moment, living) as past:
                yield past

    @contextmanager
    def reading_of(
        self, thing: str, view: View | None = None, *, around: bool = False
    ) -> Iterator[sa.Connection]:
        """The same for an answer about one thing: its row in ``view``, or with ``around`` its trail."""
        if not self.moment.is_past:
            with self.reading() as connection:
                yield connection
            return
        with (
            self.store() as store,
            store.reading() as living,
            reading_one(living, self.moment, thing, view, around=around) as past,
        ):
            yield past

    def _pasts(self, store: Store) -> Pasts:
        return Pasts(store, self.record.past_folder)

    @contextmanager
    def progress(self, ja: str, en: str) -> Iterator[Advance]:
        """A bar on standard error with rate and remaining time, where a person is looking."""
        console = Console(stderr=True)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
        )
        hidden = self.as_json or not console.is_terminal
        with Progress(*columns, console=console, disable=hidden, transient=True) as bar:
            task = bar.add_task(self.tr(ja, en), total=None, rate="")

            def advance(done: int, of: int, doing: str | None = None) -> None:
                speed = bar.tasks[0].speed
                if doing is not None:
                    bar.update(task, description=doing)
                bar.update(task, completed=done, total=of, rate=f"{speed:,.0f}/s" if speed else "")

            yield advance


F = TypeVar("F", bound=Callable[..., Any])

pass_shell = click.make_pass_decorator(Shell)


def json_option(command: F) -> F:
    """Give a command the option ``--json``."""

    def choose(context: click.Context, _: click.Parameter, value: bool) -> None:
        shell = context.find_object(Shell)
        if shell is not None and value:
            shell.as_json = True

    return click.option(
        "--json",
        is_flag=True,
        expose_value=False,
        callback=choose,
        help="結果を JSON で。 The result as JSON.",
    )(command)


def past_options(command: F) -> F:
    """Give a command the options ``--known-on`` and ``--in-force-on``: it answers as of that moment."""

    def on_axis(axis: str) -> Callable[[click.Context, click.Parameter, str | None], None]:
        def choose(context: click.Context, option: click.Parameter, text: str | None) -> None:
            shell = context.find_object(Shell)
            if shell is not None and text is not None:
                shell.moment = replace(shell.moment, **{axis: day_of(text, option.opts[0])})

        return choose

    known_on = click.option(
        "--known-on",
        metavar="DAY",
        expose_value=False,
        callback=on_axis("known_on"),
        help="この日に分かっていたこと。 As it was known on this day.",
    )
    in_force_on = click.option(
        "--in-force-on",
        metavar="DAY",
        expose_value=False,
        callback=on_axis("in_force_on"),
        help="この日に効力のあったこと。 As it was in force on this day.",
    )
    return known_on(in_force_on(command))
