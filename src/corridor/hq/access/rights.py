"""What each role may see and do: four tables, field, desk, order and identity by role, and nothing not in them.

A page asks `may(user, field)`; the frame of the desks asks `may_enter` before any page of a desk answers; the door of
orders asks `may_give`. What no row names is denied.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Literal, get_args

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from corridor.base.operation import UserRole
from corridor.journey.arrive import rules as arrive
from corridor.journey.care import rules as care
from corridor.journey.clear import rules as clear
from corridor.journey.cross import rules as cross
from corridor.journey.devices import orders as devices
from corridor.journey.documents import rules as documents
from corridor.journey.issuing import orders as issuing
from corridor.journey.move import orders as move
from corridor.journey.reconcile import orders as reconcile
from corridor.journey.register import orders as register
from corridor.journey.register.access import Part
from corridor.journey.versions import orders as versions

Role = UserRole
Field = Literal[
    "figures",
    "persons",
    "names",
    "birth",
    "numbers",
    "contacts",
    "needs",
    "clearance",
    "papers",
    "hold_until",
    "care",
    "support",
    "testimony",
    "movements",
    "plans",
    "placements",
    "lists",
    "gates",
    "devices",
    "discrepancies",
    "users",
    "audit",
]
"""What a page can show of the book, part by part.

`figures`: numbers without persons; `persons`: who is behind a number, by id; `names`, `birth`, `numbers` (of
documents), `contacts`: parts of the identity row; `hold_until`: that a person is held and until when, without the
reason; `care`: triage, encounters, reasons of holds, notes; `support`: psychological first aid and its notes, losses,
searches, psychological holds; the rest as the words say.
"""
Right = Field

_EVERYBODY: frozenset[str] = frozenset(get_args(UserRole))
_WITH_PERSONS = _EVERYBODY - {"press_officer"}


def _roles(names: str) -> frozenset[str]:
    """Roles from their short names; every desk is read by the auditor, who gives no order."""
    long = {"duty": "duty_officer", "list": "list_officer", "gate": "gate_officer", "movement": "movement_officer"}
    long |= {"reception": "reception_officer", "liaison": "partner_liaison", "press": "press_officer"}
    return frozenset(long.get(name, name) for name in names.split())


FIELDS: Mapping[Field, frozenset[str]] = {
    "figures": _EVERYBODY,
    "persons": _WITH_PERSONS,
    "names": _WITH_PERSONS,
    "birth": _WITH_PERSONS,
    "numbers": _roles("duty list gate consul movement reception liaison auditor"),
    "contacts": _roles("duty list consul reception liaison auditor"),
    "needs": _WITH_PERSONS,
    "clearance": _roles("duty list gate consul movement liaison auditor"),
    "papers": _roles("duty list consul reception auditor"),
    "hold_until": _WITH_PERSONS,
    "care": _roles("medic auditor"),
    "support": _roles("medic psychologist auditor"),
    "testimony": _roles("medic psychologist auditor"),
    "movements": _WITH_PERSONS,
    "plans": _roles("duty movement auditor"),
    "placements": _roles("duty medic psychologist consul reception auditor"),
    "lists": _roles("duty list gate consul auditor"),
    "gates": _roles("duty list gate consul movement auditor"),
    "devices": _roles("duty gate auditor"),
    "discrepancies": _roles("duty list gate consul movement reception auditor"),
    "users": _roles("duty auditor"),
    "audit": _roles("duty auditor"),
}
"""Who may read which field. A liaison reads the persons of the partner state only, who
serves at a place those near it (`own_people`)."""

RIGHTS: Mapping[str, frozenset[Field]] = {
    role: frozenset(field for field, roles in FIELDS.items() if role in roles) for role in sorted(_EVERYBODY)
}
"""The same table by role."""

DESKS: Mapping[str, frozenset[str]] = {
    "register": _roles("duty list consul auditor"),
    "clear": _roles("duty list consul auditor"),
    "cross": _roles("duty list gate auditor"),
    "care": _roles("medic psychologist auditor"),
    "documents": _roles("duty consul auditor"),
    "move": _roles("duty movement liaison auditor"),
    "arrive": _roles("duty reception auditor"),
    "forecast": _EVERYBODY,
    "reconcile": _roles("duty list gate consul movement reception auditor"),
    "operation": _roles("duty consul auditor"),
}
"""Who may open which desk; every page of it, and every POST to it, asks this first."""

_REGISTER: frozenset[type] = frozenset(get_args(register.Order))
_GRAVE: frozenset[type] = frozenset((register.RecordDeath, register.Forget))
_MOVE = frozenset(get_args(move.MoveOrder)) | {move.IssuePlan}
_PARTNERS_OWN = frozenset({move.TakeSeats, move.DeclineSeats})
_NEEDS = frozenset({register.RecordNeed, register.EndNeed})
_RECONCILE: frozenset[type] = frozenset(get_args(reconcile.ReconcileOrder))
_COUNT: frozenset[type] = frozenset((reconcile.CountHeads, reconcile.ExplainDiscrepancy, reconcile.AssignDiscrepancy))
_SUPPORT: frozenset[type] = frozenset((care.GiveFirstAid, care.RecordTestimony, care.ReportLoss, care.OpenTracing))
_SUPPORT |= frozenset((care.CloseTracing, care.PlaceHold, care.ReviewHold, care.LiftHold))
_CALLS: frozenset[type] = frozenset((cross.Call, cross.TakeCallBack, cross.TellNotToCome))
_ARRIVE = frozenset(get_args(arrive.ArriveOrder))

_FORECAST: frozenset[type] = frozenset(get_args(issuing.IssuingOrder))
_SECOND_PERSON: frozenset[type] = frozenset((versions.SignVersion, versions.RejectVersion))

ORDERS_OF: Mapping[str, frozenset[type]] = {
    "duty_officer": _REGISTER
    | frozenset(get_args(clear.Order))
    | frozenset(get_args(cross.Order))
    | _MOVE
    | _ARRIVE
    | _RECONCILE
    | frozenset(get_args(devices.DeviceOrder))
    | frozenset(get_args(versions.VersionOrder))
    | _FORECAST,
    "list_officer": (_REGISTER - _GRAVE) | frozenset(get_args(clear.Order)) | _COUNT | _CALLS,
    "gate_officer": frozenset(get_args(cross.Order)) | _COUNT,
    "medic": frozenset(get_args(care.CareOrder)) | _NEEDS | {register.RecordDeath},
    "psychologist": _SUPPORT | _NEEDS,
    "consul": (_REGISTER - _GRAVE)
    | frozenset(get_args(documents.DocumentOrder))
    | {clear.RecordRefusal, clear.RecordCheck}
    | _SECOND_PERSON
    | _COUNT,
    "movement_officer": _MOVE | {register.WaiveSplit} | _COUNT | _FORECAST,
    "reception_officer": _ARRIVE | _NEEDS | {move.Arrive, move.Alight} | _COUNT,
    "partner_liaison": _PARTNERS_OWN,
    "press_officer": frozenset(),
    "auditor": frozenset(),
}
"""Which orders a role may give. The door asks it for every order; a liaison's orders name own nationals only."""

HOLDS_OF: Mapping[str, frozenset[str]] = {"psychologist": frozenset({"psychological"})}
"""For which reasons a role places, reviews and lifts holds; a role that is not here for every reason."""

IDENTITY_OF: Mapping[str, frozenset[Part]] = {
    "duty_officer": frozenset({"names", "birth", "documents", "contacts"}),
    "list_officer": frozenset({"names", "birth", "documents", "contacts"}),
    "consul": frozenset({"names", "birth", "documents", "contacts"}),
    "reception_officer": frozenset({"contacts"}),
}
"""Which parts of an identity a role may write."""

CHANGES_OPERATION: frozenset[str] = frozenset({"duty_officer"})
"""Who proposes versions of the operation file, sets passwords and locks users out."""

SECOND_FACTOR_OF: Mapping[str, frozenset[str]] = {
    "nobody": frozenset(),
    "identity": FIELDS["names"] | CHANGES_OPERATION,
    "everybody": _EVERYBODY,
}
"""Which roles must show a second factor, by the word of CORRIDOR_SECOND_FACTOR; `identity` when it says none."""

AT_THEIR_PLACE: frozenset[str] = frozenset({"gate_officer", "reception_officer"})
"""Roles that, once bound to a place, know of the people within one leg of it only (`access.names.own_people`). The
headquarters' own roles follow everybody over the whole road, wherever they sit."""

AGREED: frozenset[str] = (
    FIELDS["care"]
    | FIELDS["support"]
    | FIELDS["testimony"]
    | frozenset(role for role, orders in ORDERS_OF.items() if versions.SignVersion in orders)
)
"""Roles that a second person agrees to before somebody given one on screen can act: they read restricted notes, or sign
versions as the second person. So nobody comes to either alone, through an account of their own making."""

PHONES: frozenset[str] = _roles("duty list gate medic psychologist consul movement reception")
"""Roles whose accounts take a phone: those that record what happens and may read names. A liaison and an auditor record
nothing, a press officer reads nobody."""

ALONE: frozenset[str] = frozenset({"auditor", "partner_liaison"})
"""Roles that nobody holds beside another: an auditor gives no orders, a liaison sees their own state's people only."""

assert set(RIGHTS) == set(ORDERS_OF) == _EVERYBODY, "every role of the operation file has its row"
assert all(roles <= _EVERYBODY for roles in (*FIELDS.values(), *DESKS.values())), "only roles of the operation file"

NO_RIGHTS: frozenset[Field] = frozenset()


def role_of(user: Any) -> str:
    """The role of a signed-in user; '' for nobody."""
    return str(getattr(user, "role", ""))


def rights_of(user: Any) -> frozenset[Field]:
    """What a signed-in user may see; nothing for a role that is not in the table."""
    return RIGHTS.get(role_of(user), NO_RIGHTS)


def may(user: Any, field: Field) -> bool:
    """Whether a user may read a field; an unknown field is a mistake in the page."""
    return role_of(user) in FIELDS[field]


def may_enter(user: Any, desk: str) -> bool:
    """Whether a user may open a desk; nobody one that is not in the table."""
    return role_of(user) in DESKS.get(desk, frozenset())


def may_give(user: Any, order: type) -> bool:
    """Whether a user may give orders of this type."""
    return order in ORDERS_OF.get(role_of(user), frozenset())


def may_hold(user: Any, reason: str) -> bool:
    """Whether a user may place, review and lift a hold for this reason, if their role gives such orders at all."""
    reasons = HOLDS_OF.get(role_of(user))
    return reasons is None or reason in reasons


def may_write(user: Any, part: Part) -> bool:
    """Whether a user may write this part of people's identities."""
    return part in IDENTITY_OF.get(role_of(user), frozenset())


def may_change_operation(user: Any) -> bool:
    """Whether a user may propose a version of the operation file, and may change who signs in."""
    return role_of(user) in CHANGES_OPERATION


def needs(field: Field) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A page for roles that may read this field; others get the page that says why not."""

    def wrap(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @functools.wraps(page)
        def guarded(request: HttpRequest, *args: object, **facts: object) -> HttpResponse:
            if not may(request.user, field):
                raise PermissionDenied(field)
            return page(request, *args, **facts)

        return guarded

    return wrap
