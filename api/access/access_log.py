"""The access log: refused commands, sign-ins, what became of accounts, closed documents and personal
data that somebody read.

A line says when, which account in which roles, which command on what, and the code of the answer. It holds
nothing that was sent, no names and no addresses. What an administrator did on the server (``kyodo user …``)
has no account; its entity is the account it was done to, its roles are those that this account then has.

A line is written in a transaction of its own after the answer is settled, and once more to the service's own
log; that it cannot be written changes no answer. ``request_id`` stands in the answer's header
``Kyodo-Request`` as well, so that the secretariat can find the line of a question.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
import structlog
from flask import Flask, Response, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from api.access.accounts import ROLES, Account, Accounts
from api.access.auth import Caller, current_caller
from api.access.rates import REFUSALS, seconds_to_wait
from api.http.clock import today
from api.http.logs import REQUEST_ID, spare_refusal
from api.http.problems import BODY_TOO_LARGE, INVALID_INPUT, InvalidInput, status_for
from api.http.schemas import PUBLIC_ID
from api.setup.store import record_store
from domain.evaluation_sheet.refusals import SEALED
from domain.evaluation_sheet.sides import BLIND_COMMANDS
from domain.kernel.commands import Command
from domain.values.refusal import Refusal
from projections.tables.durable import ACCESS_LOG

log = structlog.get_logger("kyodo")

HEADER = "Kyodo-Request"
PERSONAL_DATA_READ = "PERSONAL_DATA_READ"


@contextmanager
def refusals_noted(command: Command, entity: str | None) -> Iterator[None]:
    """Leave one line if the command given in this block is refused, for whatever reason."""
    try:
        yield
    except Refusal as refused:
        _refused(command, entity, [refused])
        raise
    except InvalidInput as invalid:
        _refused(command, entity, list(invalid.faults))
        raise
    except RequestEntityTooLarge:
        _refused(command, entity, [BODY_TOO_LARGE()])
        raise


def closed_content_read(entity: str) -> None:
    """Leave a line: the content of a document that is not public was given to somebody."""
    caller = current_caller()
    account = caller.account_id if caller else None
    request_id = _request_id()
    log.info("closed content read", id=entity, account=account, request_id=request_id)
    _write(caller, "Document.content", entity, "CLOSED_CONTENT_READ", request_id)


def personal_data_read(parties: Iterable[str]) -> None:
    """Leave a line for each person whose name, post or contact the caller is told: who, whose, when."""
    read = list(parties)
    if read:
        log.info("personal data read", parties=len(read), request_id=_request_id())
        _write_each(current_caller(), "Party.details", read, PERSONAL_DATA_READ, _request_id())


def closed_parts_read(entities: Iterable[str]) -> None:
    """Leave a line for each thing of which the caller was shown what the public is not."""
    _write_each(current_caller(), "Record.closed", list(entities), "CLOSED_PART_READ", _request_id())


def account_changed(code: str, account: Account, command: str, entity: str | None = None) -> None:
    """Leave a line: somebody signed in or out, or changed something of their own account."""
    _write(account, command, entity or account.account_id, code, _request_id())


def sign_in_failed(account: Account | None, times: int, code: str = "SIGN_IN_FAILED") -> None:
    """Leave a line for the 1st, 10th, 100th … failure in a row on an account that there is: enough to see
    that somebody tries, and no row for each attempt of whoever does."""
    if account is not None and str(times).strip("0") == "1":
        _write(None, "Account.sign_in", account.account_id, code, _request_id())


def sign_in_refused(code: str, command: str, account: Account | None = None) -> None:
    """Leave a line: somebody whom a provider knows, or whose password was right, was not let in."""
    _write(None, command, account.account_id if account else None, code, _request_id())


def administered(code: str, entity: str, command: str) -> None:
    """Leave a line: what the caller did to an account of somebody else."""
    _write(current_caller(), command, entity, code, _request_id())


def sheet_link_used(sheet_id: str) -> None:
    """Leave a line: the one-time link of a sheet's citizens' side was opened, without any account."""
    _write(None, "EvaluationSheet.link", sheet_id, "SHEET_LINK_USED", _request_id())


def roles_changed(command: Command, entity: str) -> None:
    """Leave a line where what was recorded gives a role or takes it away; the record says the rest."""
    code = _ROLES_CHANGED.get((command.aggregate.__name__, command.name))
    if code is not None:
        _write(current_caller(), f"{command.aggregate.__name__}.{command.name}", entity, code, _request_id())


_ROLES_CHANGED = {
    ("RoleGrant", "grant_role"): "ROLE_GRANTED",
    ("RoleGrant", "revoke_role"): "ROLE_REVOKED",
}


def exported(what: str, entity: str | None = None) -> None:
    """Leave a line: somebody who is signed in has taken a whole list away as a file."""
    caller = current_caller()
    if caller is not None:
        _write(caller, what, entity, "EXPORTED", _request_id())


def done_on_server(engine: sa.Engine, code: str, account: Account, command: str) -> None:
    """Leave a line: an administrator did something to an account, on the server."""
    held = Accounts(engine).roles_today(account, today())
    roles = " ".join(role for role in ROLES if role in held)
    line = {"roles": roles, "command": command, "entity": account.account_id}
    with engine.begin() as connection:
        connection.execute(
            sa.insert(ACCESS_LOG).values(**line, at=_now(), code=code, request_id=str(uuid.uuid4()))
        )


def read_on_server(engine: sa.Engine, parties: Iterable[str], command: str) -> None:
    """Leave a line for each person whose personal data an administrator was told on the server."""
    line = {"roles": "", "command": command, "at": _now(), "code": PERSONAL_DATA_READ}
    with engine.begin() as connection:
        connection.execute(
            sa.insert(ACCESS_LOG),
            [{**line, "entity": party, "request_id": str(uuid.uuid4())} for party in parties],
        )


def lines(*, code: str | None = None) -> sa.Select[tuple[object, ...]]:
    """The lines of the log, newest first."""
    chosen = sa.select(ACCESS_LOG).order_by(ACCESS_LOG.c.id.desc())
    return chosen.where(ACCESS_LOG.c.code == code) if code is not None else chosen


def shown(line: sa.Row[tuple[object, ...]]) -> dict[str, object]:
    """A line as JSON: unknown as null, roles as a list."""
    fields = {str(name): value for name, value in line._mapping.items() if name != "id"}
    return {**fields, "roles": str(fields["roles"]).split()}


def prune(engine: sa.Engine, before: dt.date) -> int:
    """Remove the lines from before this day (UTC); how many there were."""
    with engine.begin() as connection:
        gone = connection.execute(sa.delete(ACCESS_LOG).where(ACCESS_LOG.c.at < before.isoformat()))
        return gone.rowcount


def init_app(app: Flask) -> None:
    @app.after_request
    def tell_request(answer: Response) -> Response:
        if "kyodo_request" in g:
            answer.headers[HEADER] = g.kyodo_request
        return answer


def _refused(command: Command, entity: str | None, faults: list[Refusal]) -> None:
    """Codes and ids only: neither what was sent nor sentences made of it. Of a caller who does not say who
    they are there is no row, and of an account only so many an hour."""
    caller: Caller | None = g.get("kyodo_caller")  # not asked for anew: that may be what was refused
    name = f"{command.aggregate.__name__}.{command.name}"
    # Why a side is refused may tell that it has submitted: nobody but that side may know.
    listed = [SEALED()] if command.name in BLIND_COMMANDS else faults
    known = entity if entity and PUBLIC_ID.fullmatch(entity) else None
    request_id = _request_id()
    code = listed[0].code if len(listed) == 1 else INVALID_INPUT.code
    has_row = caller is not None and not seconds_to_wait(REFUSALS, f"account {caller.account_id}")
    if not has_row and spare_refusal():
        return  # a flood of refusals fills neither the record's disk nor the log's
    log.info(
        "command refused",
        command=name,
        id=known,
        codes=sorted({fault.code for fault in listed}),
        status=status_for(faults[0]),
        account=caller.account_id if caller else None,
        request_id=request_id,
    )
    if has_row:
        _write(caller, name, known, code, request_id)


def _request_id() -> str:
    if "kyodo_request" not in g:
        g.kyodo_request = request.environ.get(REQUEST_ID) or str(uuid.uuid4())
    return str(g.kyodo_request)


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _write(
    caller: Caller | Account | None, command: str, entity: str | None, code: str, request_id: str
) -> None:
    _write_each(caller, command, [entity], code, request_id)


def _write_each(
    caller: Caller | Account | None,
    command: str,
    entities: Sequence[str | None],
    code: str,
    request_id: str,
) -> None:
    line = {
        "at": _now(),
        "account_id": caller.account_id if caller else None,
        "party_id": caller.party_id if caller else None,
        "roles": " ".join(sorted(caller.roles)) if caller else "",
        "command": command,
        "code": code,
        "request_id": request_id,
    }
    try:
        with record_store().engine.begin() as connection:
            connection.execute(sa.insert(ACCESS_LOG), [{**line, "entity": entity} for entity in entities])
    except Exception as error:  # the answer is settled: whatever happens here must not change it
        log.error("access log unavailable", error=type(error).__name__, request_id=request_id)
