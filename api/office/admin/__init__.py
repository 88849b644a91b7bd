"""管理 /desk/admin: accounts and their roles, sessions, invitations, and the access log with its search."""

from __future__ import annotations

from flask import Blueprint

from api.office.admin import accounts, audit, new, one, signed_in
from api.office.admin.permitted import administrators_only
from api.office.desk.frame import Entry

ENTRIES = (Entry("admin", "/desk/admin", "管理", "Accounts", at_hand=True, permit=administrators_only),)


def register(blueprint: Blueprint) -> None:
    for screens in (accounts, new, one, signed_in, audit):
        screens.register(blueprint)
