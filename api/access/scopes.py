"""What a bearer token may be used for, where it was made for less than all that its account may.

==============================  =================================================================
``read``                        reading, as its account does
``write``                       every command of its account
``write:documents``             the commands of one collection
``write:documents/revise``      one command
==============================  =================================================================

A token with a scope is good for what it names and for nothing else: without ``read`` it reads nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from api.http.language import tr
from api.http.problems import declare
from api.setup import rules_of_service
from domain.kernel.commands import Command
from domain.kernel.record import KINDS

READ, WRITE = "read", "write"

TOKEN_SCOPE = declare(
    403,
    "TOKEN_SCOPE",
    ja="このトークンは、この操作のために作られたものではありません（使えるのは {scope}）。",
    en="This token was not made for this (it is good for {scope}).",
    rule=rules_of_service.TOKEN,
    next_ja="アカウントのページか kyodo user token --scope で、必要な範囲のトークンを作ってください。",
    next_en="Make one for what is needed on the account page, or with kyodo user token --scope.",
)
SCOPE_UNKNOWN = declare(
    422,
    "SCOPE_UNKNOWN",
    ja="「{scope}」という範囲はありません。",
    en="There is no scope “{scope}”.",
    rule=rules_of_service.TOKEN,
    next_ja="read、write、write:documents（集まりの名前）、write:documents/revise（操作の名前）の形にしてください。"
    "名前は /api/docs にあります。",
    next_en="Write read, write, write:documents (a collection) or write:documents/revise (a command); their "
    "names are at /api/docs.",
)


def known_scope(wanted: Iterable[str]) -> frozenset[str] | None:
    """The scope that these names make; None, everything, if there are none. Refuses ``SCOPE_UNKNOWN``."""
    chosen = frozenset(wanted)
    for name in chosen:
        if name not in (READ, WRITE) and name not in _writable():
            raise SCOPE_UNKNOWN(scope=name[:80])
    return chosen or None


def refuse_reading(scope: frozenset[str] | None) -> None:
    """Refuse ``TOKEN_SCOPE`` to a token that was not made for reading."""
    if scope is not None and READ not in scope:
        raise TOKEN_SCOPE(scope=" ".join(sorted(scope)))


def refuse_giving(scope: frozenset[str] | None, command: Command) -> None:
    """Refuse ``TOKEN_SCOPE`` to a token that was not made for this command."""
    if scope is None:
        return
    collection = f"{WRITE}:{command.aggregate.COLLECTION}"
    if scope.isdisjoint((WRITE, collection, f"{collection}/{command.path}")):
        raise TOKEN_SCOPE(scope=" ".join(sorted(scope)))


def scope_label(scope: frozenset[str] | None) -> str:
    """What a token is good for, in the language of the page."""
    if scope is None:
        return tr("すべて", "everything")
    kinds = {kind.COLLECTION: kind for kind in KINDS.values()}
    words = [tr("読む", "read")] if READ in scope else []
    for name in sorted(scope - {READ}):
        collection, _, command = name.removeprefix(WRITE).removeprefix(":").partition("/")
        kind = kinds.get(collection)
        if kind is None:
            words.append(tr("すべて記録する", "every command"))
            continue
        label = tr(*kind.LABEL)
        one = next((known for known in kind.COMMANDS.values() if known.path == command), None)
        words.append(f"{label}: {tr(*one.about)}" if one else label)
    return tr("、", ", ").join(words)


def _writable() -> frozenset[str]:
    kinds = [kind for kind in KINDS.values() if kind.COMMANDS]
    one_by_one = {f"{WRITE}:{k.COLLECTION}/{command.path}" for k in kinds for command in k.COMMANDS.values()}
    return frozenset(one_by_one | {f"{WRITE}:{kind.COLLECTION}" for kind in kinds})
