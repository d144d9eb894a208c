"""Wristbands and cards on paper: the person's names as written, their party, and a code with the id and a check."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from corridor.base.ids import PersonId
from corridor.base.moments import SECOND_MS
from corridor.base.operation import name_in
from corridor.hq.access.names import read_identities
from corridor.hq.served import served
from corridor.journey.board.board import Board
from corridor.journey.register.code import check_of, code_of
from corridor.journey.register.identity import Identity, full_names
from corridor.journey.roster.wristband import Wristband, write_wristband
from corridor.opening import headquarters_key
from corridor.report.printing.typesetting import qr, typeset

FORMS = ("cards", "wristbands")
AT_ONCE_MAX = 300
NAMES_MAX = 3


@require_safe
def cards(request: HttpRequest) -> HttpResponse:
    """The PDF for `person` (several) or all of `party`, as `cards` on A4 or `wristbands`; printing is a reading."""
    board, form = served().board_now(), request.GET.get("form", "cards")
    persons = [PersonId(one) for one in request.GET.getlist("person")]
    persons += board.everybody.company.members(request.GET.get("party", ""))
    persons = list(dict.fromkeys(one for one in persons if one in board.everybody.register))
    if form not in FORMS or not 0 < len(persons) <= AT_ONCE_MAX:
        raise BadRequest("say for whom, and cards or wristbands")
    identities = read_identities(request, served(), board, persons, why=f"printed {form}")
    language = get_language() or "en"
    facts = {
        "title": _("Cards") if form == "cards" else _("Wristbands"),
        "operation": name_in(board.operation.titles, language),
        "people": [_card(board, one, identities.get(one)) for one in persons],
    }
    return pdf(typeset(form, facts, language, board.at), f"{form}.pdf")


def pdf(made: bytes, name: str) -> HttpResponse:
    """A PDF to look at in the browser and print."""
    return HttpResponse(
        made, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


def signed_code(board: Board, person: PersonId) -> str:
    """What a person's code holds: signed, so that a phone checks it without network; the short one where headquarters'
    key is not on this machine."""
    headquarters, name = served(), board.operation.name
    key = headquarters_key(headquarters.opened)
    if key is None:
        return code_of(name, person)
    party, printed = board.everybody.register[person].party, headquarters.now() // SECOND_MS
    return write_wristband(key, name, Wristband(person=person, party=party, printed=printed))


def _card(board: Board, person: PersonId, identity: Identity | None) -> dict[str, Any]:
    state = board.everybody.register[person]
    name = board.operation.name
    return {
        "person": person,
        "names": list(full_names(identity))[:NAMES_MAX] if identity is not None else [],
        "check": check_of(name, person),
        "code": qr(signed_code(board, person)),
        "alt": f"{person} {check_of(name, person)}",
        "lines": [_("Party %(party)s") % {"party": state.party}] if state.party is not None else [],
    }
