"""A name that a template reads and nobody gives, and a block that its base does not have, are faults."""

from __future__ import annotations

import jinja2
import pytest
from flask import Flask

from tests.support.templates import Template, ancestors, template, templates

PAGES = [each for each in templates() if each.base is not None]


def _of(source: str) -> Template:
    return Template("made.html", source, jinja2.Environment(autoescape=True).parse(source))


def _unknown_blocks(child: Template) -> set[str]:
    return child.filled - {block for ancestor in ancestors(child) for block in ancestor.blocks}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_template_fills_only_blocks_that_its_base_has(page: Template) -> None:
    assert _unknown_blocks(page) == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_header_of_a_template_names_what_it_reads_and_no_more(page: Template) -> None:
    assert page.named() == page.reads()


@pytest.mark.parametrize("source", ["{{ page.nobody_gives }}", "{% if page.nobody_gives %}{% endif %}"])
def test_what_nobody_gives_is_a_fault(app: Flask, source: str) -> None:
    with pytest.raises(jinja2.UndefinedError, match="nobody_gives"):
        app.jinja_env.from_string(source).render(page={"given": 1})


def test_a_block_that_the_base_does_not_have_is_noticed() -> None:
    child = _of('{% extends "base.html" %}{% block contents %}{% endblock %}{% block title %}{% endblock %}')
    assert _unknown_blocks(child) == {"contents"}
    assert "content" in template("base.html").blocks


@pytest.mark.parametrize(
    ("source", "named", "reads"),
    [
        ("{# page: title, a [x, y], b-c #}", ValueError, {"title"}),
        ("{# page: title, a|None [x, y], b (c, d) #}{{ page.a }}", {"title", "a", "b"}, {"title", "a"}),
        (
            "{# page: items, + fact #}{% block title %}{% endblock %}{{ m.marks(page) }}{{ page['items'] }}",
            {
                "items",
                "certainty",
                "asserted_by_label",
                "written_label",
                "moved",
                "source",
                "corrected",
                "line",
            },
            {
                "items",
                "certainty",
                "asserted_by_label",
                "written_label",
                "moved",
                "source",
                "corrected",
                "line",
            },
        ),
        ("{{ anything(page) }}", ValueError, ValueError),
    ],
)
def test_headers_and_reads_are_read_as_they_stand(
    source: str, named: set[str] | type[ValueError], reads: set[str] | type[ValueError]
) -> None:
    for found, expected in ((_of(source).named, named), (_of(source).reads, reads)):
        if isinstance(expected, set):
            assert found() == expected
        else:
            with pytest.raises(expected):
                found()
