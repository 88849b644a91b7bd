"""Questions about the record as a whole: the trail of anything, its links, and the state of the views."""

from __future__ import annotations

from flask import Blueprint, Response

from api.access.rates import TRAILS, limit
from api.http.addresses import id_of, public_url
from api.http.language import IDS
from api.http.query import asks
from api.reads.reading import answer, is_staff, reading_of
from api.reads.view_status import certificates, views_told
from api.setup.one_moment import living
from domain.kernel.record import KINDS
from projections.answers.prov import prov_json
from projections.answers.trail import link_json, trail
from projections.engine.view import VIEWS
from projections.rebuild.replay import VIEW_UNKNOWN
from projections.views.matter import decision_trail


@asks()
def show_trail(_: dict[str, str], entity: str) -> Response:
    """Why something exists, what happened to it, what came of it, what is not recorded."""
    with reading_of(entity, around=True) as connection:
        return answer(trail(connection, entity, staff=is_staff()), tagged=True)


@asks()
def show_prov(_: dict[str, str], entity: str) -> Response:
    """The trail as PROV-JSON. Refuses ``PUBLIC_URL_MISSING``: things go by their absolute names."""
    limit(TRAILS)
    base = f"{public_url()}{IDS}"
    with reading_of(entity, around=True) as connection:
        response = answer(prov_json(trail(connection, entity, staff=is_staff()), base, id_of), tagged=True)
    response.headers["Content-Disposition"] = f'inline; filename="{entity.replace("#", "-")}.prov.json"'
    return response


@asks()
def list_links(_: dict[str, str], entity: str) -> Response:
    """Every link that begins or ends at a thing, withdrawn ones included."""
    with reading_of(entity, around=True) as connection:
        links = decision_trail.links_of_thing(connection, entity)
        names = decision_trail.things(
            connection, {made.from_id for made in links} | {made.to_id for made in links}
        )
        return answer({"items": [link_json(made, names, staff=is_staff()) for made in links]}, tagged=True)


def list_views() -> Response:
    """Each view with its version, its code's fingerprint, where it stands and the certificate of its last
    build; and the rebuild that is under way."""
    with living() as now:  # whatever day is asked for: a view has no past
        return answer(views_told(now))


def list_certificates(view: str) -> Response:
    """What the rebuilds of one view have proved, the newest first: the digest of the view at a position, how
    long and how fast, when, by whom, and how long appends waited for the swap."""
    if view not in VIEWS:
        raise VIEW_UNKNOWN(view=view, known=", ".join(VIEWS))
    with living() as now:
        return answer({"items": certificates(now, view)})


def register(blueprint: Blueprint) -> None:
    for name in sorted({kind.COLLECTION for kind in KINDS.values()} | {"things", "issues", "sources"}):
        blueprint.add_url_rule(f"/{name}/<path:entity>/trail", f"trail_{name}", show_trail)
        blueprint.add_url_rule(f"/{name}/<path:entity>/trail.prov.json", f"prov_{name}", show_prov)
        blueprint.add_url_rule(f"/{name}/<path:entity>/links", f"links_{name}", list_links)
    blueprint.add_url_rule("/views", view_func=list_views)
    blueprint.add_url_rule("/views/<view>/certificates", view_func=list_certificates)
