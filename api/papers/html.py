"""A paper as HTML: a page on the screen, or what a PDF is set from, by the city's own template if there is
one."""

from __future__ import annotations

import re
import traceback
from html import escape
from pathlib import Path
from typing import Any

import jinja2
from jinja2.sandbox import SandboxedEnvironment

from api.http.language import tr
from api.papers import folder
from api.papers.structure import Paper, Strong
from domain.values.refusal import Refusal

_OURS = Path(__file__).parent.parent / "templates" / "papers"
_JAPANESE = re.compile(
    "[\u2e80-\ufaff\uff00-\uffef]+(?:[^A-Za-z\u2e80-\uffef]*[\u2e80-\ufaff\uff00-\uffef]+)*"
)
_OUR_LOADER = jinja2.PrefixLoader({"papers": jinja2.FileSystemLoader(_OURS)})


def html_of(paper: Paper, tools: dict[str, Any] | None = None) -> str:
    """The paper by its template; with ``tools`` as a page for the screen. Refuses
    ``PAPER_TEMPLATE_UNUSABLE``."""
    own = folder.own(f"{paper.name}.html", "paper.html")
    names = {"paper": paper, "tools": tools, "lang": paper.language}
    if own is None:
        return _environment(None).get_template("papers/paper.html").render(names)
    folder.text(own)  # one that cannot be read says so
    try:
        return _environment(own.parent).get_template(own.name).render(names)
    except Refusal:
        raise
    except jinja2.TemplateSyntaxError as error:
        where = f"{error.name or own.name} {error.lineno}: {error.message}"
        raise folder.unusable(own.name, where) from None
    except Exception as error:  # whatever a template of somebody else's does
        raise folder.unusable(own.name, f"{_line(error, own)}{type(error).__name__}: {error}") from None


def _line(error: Exception, own: Path) -> str:
    """The line of the template in which it failed."""
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == str(own)]
    return f"{lines[-1]}: " if lines else ""


def _environment(own: Path | None) -> SandboxedEnvironment:
    loaders: list[jinja2.BaseLoader] = [_OUR_LOADER]
    if own is not None:
        loaders.append(jinja2.FileSystemLoader(own))
    made = SandboxedEnvironment(
        loader=jinja2.ChoiceLoader(loaders), autoescape=True, undefined=jinja2.StrictUndefined
    )
    made.globals.update(tr=tr, marked=_marked)
    made.tests["strong"] = lambda text: isinstance(text, Strong)
    return made


class _Html(str):
    """A text that is HTML already: templates take it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


@jinja2.pass_context
def _marked(context: jinja2.runtime.Context, text: str) -> str:
    """A text in which Japanese words are marked where the paper is in another language."""
    if context["lang"] == "ja":
        return text
    parts: list[str] = []
    end = 0
    for words in _JAPANESE.finditer(text):
        parts += [escape(text[end : words.start()]), f'<span lang="ja">{escape(words[0])}</span>']
        end = words.end()
    return _Html("".join([*parts, escape(text[end:])]))
