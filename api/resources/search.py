"""Full text search over HTTP: ``/api/v1/search?q=協働 条例``."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response

from api.access.rates import SEARCHES, limit
from api.http.query import asks
from api.reads.people import found_people, sees_names
from api.reads.reading import listed_at_once, reading, viewer
from api.reads.searches import attached_texts, words
from api.setup.store import record_settings
from projections.answers.finding import searching


@asks("q", *searching.FILTERS, paged=True)
def search(query_args: dict[str, str]) -> Response:
    """Events that say all the words of ``q``, in what people wrote or in what their values are called.

    Words stand between blanks. Width, case, kana, small kana, long vowels, old characters and okurigana make
    no difference; dates, amounts and numbers are found however they are written, and words by those that the
    city's list says mean the same. ``state`` is that of the thing now. Newest first. ``passages`` holds plain
    text in parts; ``hit`` marks what was found; ``meant`` names the values that were. ``total`` counts up to
    1,000. The secretariat also gets the people who have that name. Things, ranked, with how many there are of
    each kind, are at ``/search.json``.
    """
    wanted = searching.search_for(query_args.pop("q", ""), query_args, words())
    limit(SEARCHES)
    texts = attached_texts(record_settings())
    wanted = replace(wanted, words=texts.said_in(wanted.words))
    with reading() as connection:
        chosen = searching.hits(wanted, viewer(), postgres=connection.dialect.name == "postgresql")
        for_staff = {"people": found_people(connection, wanted)} if sees_names() else {}
        return listed_at_once(
            connection,
            chosen,
            lambda rows: searching.shown(connection, rows, wanted.words, texts),
            total=searching.count(connection, chosen),
            **for_staff,
        )


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/search", view_func=search)
