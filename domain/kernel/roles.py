"""Roles 役割: in which capacity somebody acts, and what each is called."""

from __future__ import annotations

from typing import Literal

Role = Literal["SEC", "CHR", "MEM", "ADV", "LDR", "APR", "DIS", "EV-C", "EV-G", "IMP"]
"""Roles of domain.md section 3. Anonymous callers (PUB) have none: they only read."""

ROLE_NAMES: dict[str, tuple[str, str]] = {
    "SEC": ("事務局", "secretariat"),
    "CHR": ("座長", "chair"),
    "MEM": ("委員", "member"),
    "ADV": ("アドバイザー", "adviser"),
    "LDR": ("グループリーダー", "group leader"),
    "APR": ("決裁権者", "approver"),
    "DIS": ("公開担当", "disclosure officer"),
    "EV-C": ("評価者（市民側）", "evaluator, citizen side"),
    "EV-G": ("評価者（行政側）", "evaluator, government side"),
    "IMP": ("取込", "importer"),
    "system": ("システム", "system"),
    "import": ("記録の取込者", "importer of the record"),
    "city": ("市", "city"),
    "council": ("市民会議", "council"),
    "joint": ("市民と市", "citizens and city"),
    "prefecture": ("県", "prefecture"),
    "study_team": ("検討チーム", "study team"),
    "unstated": ("主語の記載なし", "not stated"),
}
"""Every ``actor.role`` that may stand in an event, with its names. Imported events may name a body."""
