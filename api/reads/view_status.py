"""What can be told of the views: where each stands, and what its rebuilds have proved."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from projections.engine.log import head
from projections.engine.view import VIEWS
from projections.engine.view_versions import Standing, held, standings
from projections.rebuild.proving import Difference, Proof
from projections.rebuild.rebuild_register import as_dict, run_under_way
from projections.rebuild.shadow_tables import Phase
from projections.tables.durable import VIEW_BUILD, VIEW_CERTIFICATE

STANDINGS: dict[Standing, tuple[str, str]] = {
    "current": ("現行", "current"),
    "other_code": ("別のコードで構築", "built by other code"),
    "older": ("古い版", "older version"),
    "newer": ("この処理より新しい版", "newer version than this process"),
    "never_built": ("未構築", "never built"),
}
PHASES: dict[Phase, tuple[str, str]] = {
    "fold": ("記録から組み立て中", "folding the log"),
    "index": ("索引を作成中", "making indexes"),
    "prove": ("現行と照合中", "proving equality"),
    "swap": ("入れ替え中", "swapping in"),
}
MOST = 100
"""So many certificates are listed."""


def views_told(connection: sa.Connection) -> dict[str, Any]:
    """Each view with its version, its code's fingerprint, where it stands and the certificate of its last
    build; and the rebuild that is under way."""
    states, held_views = standings(connection), held(connection)
    built = {row.view: as_dict(row) for row in connection.execute(sa.select(VIEW_BUILD))}
    return {
        "position": head(connection),
        "run": run_under_way(connection),
        "items": [
            {
                "name": view.name,
                "title": {"ja": view.ja, "en": view.en},
                "version": view.version,
                "fingerprint": view.fingerprint,
                "tables": [table.name for table in view.tables],
                "state": states[view.name],
                "held_since": held_views.get(view.name),
                "last_build": built.get(view.name),
            }
            for view in VIEWS.values()
        ],
    }


def certificates(connection: sa.Connection, view: str | None = None) -> list[dict[str, Any]]:
    """What rebuilds have proved, the newest first: of one view, or of all."""
    chosen = sa.select(VIEW_CERTIFICATE).order_by(VIEW_CERTIFICATE.c.id.desc()).limit(MOST)
    if view is not None:
        chosen = chosen.where(VIEW_CERTIFICATE.c.view == view)
    certificates = (as_dict(row) for row in connection.execute(chosen))
    return [{**row, "tables": row["tables"].split()} for row in certificates]


def proof_json(proof: Proof) -> dict[str, Any]:
    return {
        "view": proof.view,
        "version": proof.version,
        "equal": proof.equal,
        "position": proof.position,
        "events": proof.events,
        "seconds": round(proof.seconds, 3),
        "rate": round(proof.rate, 1),
        "live_digest": proof.live_digest,
        "replayed_digest": proof.replayed_digest,
        "differences": [difference_json(d) for d in proof.differences],
    }


def difference_json(difference: Difference) -> dict[str, Any]:
    return {
        "table": difference.table,
        "key": list(difference.key),
        "live": difference.live,
        "replayed": difference.replayed,
        "events": [event._asdict() for event in difference.events],
    }
