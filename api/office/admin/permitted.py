"""Who administers accounts: the secretariat of every council, by a session of their own."""

from __future__ import annotations

from api.access import access_log
from api.access.accounts import Account
from api.access.auth import accounts, current_caller, required_caller
from api.http.problems import declare
from api.setup import rules_of_service
from domain.recording.permission import forbidden

ADMINISTRATORS = ("SEC",)

ADMINISTRATOR_ONLY = declare(
    403,
    "ADMINISTRATOR_ONLY",
    ja="アカウントの管理は、すべての会議について事務局の役割を持つ人がします。",
    en="Accounts are administered by who holds the role of the secretariat for every council.",
    rule=rules_of_service.ADMINISTERED,
    next_ja="管理する人に依頼してください。",
    next_en="Ask somebody who does.",
)
OWN_ACCOUNT = declare(
    403,
    "OWN_ACCOUNT",
    ja="自分のアカウントは、管理の画面からは変えられません。",
    en="Nobody administers their own account.",
    rule=rules_of_service.ADMINISTERED,
    next_ja="サインインと確認手段は自分のアカウントのページで、役割と停止はほかの管理する人に依頼してください。",
    next_en="Your own page has sessions, passkeys and codes; for roles, ask somebody else who administers.",
)


def administrators_only() -> None:
    """Refuses ``FORBIDDEN``, ``ADMINISTRATOR_ONLY``, ``SECOND_FACTOR_REQUIRED``. A token administers nothing:
    whoever finds one makes no accounts with it."""
    caller = current_caller()
    if caller is None or caller.roles.isdisjoint(ADMINISTRATORS):
        if caller is not None:
            caller.refuse_without_factor()
        raise forbidden(ADMINISTRATORS, caller.roles if caller else ())
    if not caller.by_session or not set(ADMINISTRATORS).isdisjoint(caller.bodies):
        raise ADMINISTRATOR_ONLY()


def another(account_id: str) -> Account | None:
    """The account of this id, to be changed. Refuses ``OWN_ACCOUNT``."""
    if required_caller().account_id == account_id:
        raise OWN_ACCOUNT()
    return accounts().with_id(account_id)


def noted(code: str, account: Account, act: str) -> None:
    """Leave a line: what was done to an account, and by whom."""
    access_log.administered(code, account.account_id, f"Account.{act}")
