"""Where everyone stands: figures as sets of people, the corridor as a strip, one person's standing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cached_property

from corridor.base.ids import AccountId, LegId, PersonId, PlaceId
from corridor.base.moments import Moment, datetime_of, moment_of
from corridor.base.operation import Operation, Place
from corridor.journey.board.findings import finding_from, findings_of
from corridor.journey.board.held_back import HeldBack, held_back
from corridor.journey.board.movements import MovementPicture, movements
from corridor.journey.board.people import NOT_REGISTERED, Everybody
from corridor.journey.board.standing import PersonStanding, standing_of
from corridor.journey.catalogue import KINDS
from corridor.journey.cross.hazards import Hazard, hazards
from corridor.journey.findings import Finding
from corridor.journey.kinds import STAGES, Stage
from corridor.journey.register.events import MINORS
from corridor.journey.register.state import RegisterState
from corridor.ledger.accounts import ENDS, MERGED, SUSPENSE, End, end_account, place_account
from corridor.ledger.book.discrepancies import Discrepancy, discrepancies
from corridor.ledger.book.view import View

FIGURES = (
    "registered",
    "out",
    "received",
    "staging",
    "on_the_way",
    "applications_open",
    "withdrawn",
    "died",
    "handed_over",
    "suspense",
)
"""The codes of ARCHITECTURE's table of figures, in the order they are told."""

ADDENDS = (
    "applications_open",
    "on_the_way",
    "staging",
    "received",
    "handed_over",
    "withdrawn",
    "died",
    "suspense",
)
"""The figures that share everybody out: no person is in two of them, and together they are `registered`.

With merged ids in the book they are one more, `merged`: `Board.addends` has those of a board."""

MERGED_FIGURE = "merged"
"""The ids that are one human being with another id; the human beings registered are `registered` without them."""

GROUPS = ("children", "citizens", "relatives")
"""Parts of any figure: `received_children` are the children among the received."""

DAY_FIGURES = ("crossed_day", "received_day")
"""Figures of the as-of day up to `at`, in the operation's zone: who came out of danger, who was received."""

PASSIVE_KINDS = ("paper_recorded", "paper_missing", "paper_void")
"""Kinds that bring nobody to their stage: a passport is shown when people apply, long before the consul's desk."""

NOT_KNOWN = "not_known"
"""Stands for a citizenship or a stage that the book does not know."""


@dataclass(frozen=True, slots=True)
class Particulars:
    """What counting needs of a person: the citizenship counted, the age band, the relation; None: not known."""

    citizenship: str | None
    age_band: str | None
    relation: str | None


@dataclass(frozen=True, slots=True)
class Stop:
    """One place of the strip, the people standing there and the hazards on it."""

    place: Place
    account: AccountId
    people: Set[PersonId]
    hazards: tuple[Hazard, ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """The corridor from left to right: places, what moves between them, the ends, and who is in suspense."""

    stops: tuple[Stop, ...]
    rides: tuple[MovementPicture, ...]
    ends: Mapping[End, Set[PersonId]]
    suspense: Set[PersonId]


class Board:
    """Where everyone stands in one operation at one `(at, known)`. Immutable; sets are worked out once, when asked."""

    def __init__(self, operation: Operation, view: View) -> None:
        self.operation = operation
        self.view = view
        self._people: dict[str, Set[PersonId]] = {}

    @property
    def at(self) -> Moment:
        """The moment the board is true of."""
        return self.view.at

    @property
    def known(self) -> Moment:
        """Up to when what was received counts."""
        return self.view.known

    def people(self, code: str) -> Set[PersonId]:
        """The people a figure counts. Raises KeyError for a code that is no figure (see `has_figure`)."""
        if code not in self._people:
            self._people[code] = self._set_of(code)
        return self._people[code]

    def has_figure(self, code: str) -> bool:
        """Whether `people` knows this code."""
        figure, _, group = code.rpartition("_")
        whole = (*FIGURES, *DAY_FIGURES, MERGED_FIGURE)
        return code in whole or (figure in whole and group in GROUPS)

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures that are told, in order; `merged` only where ids were merged."""
        return (*FIGURES, MERGED_FIGURE) if self.view.merged else FIGURES

    @property
    def addends(self) -> tuple[str, ...]:
        """The figures that share everybody in the book out; `merged` is told only where ids were merged."""
        return (*ADDENDS, MERGED_FIGURE) if self.view.merged else ADDENDS

    def by_account(self) -> dict[AccountId, int]:
        """People by account, accounts without people left out; the numbers add up to `registered`."""
        return dict(self.view.accounts())

    def accounts_of(self) -> dict[PersonId, AccountId]:
        """The account of everybody in the book."""
        return {person: account for account in self.view.accounts() for person in self.view.inside(account)}

    def by_citizenship(self, people: Iterable[PersonId] | None = None) -> dict[str, int]:
        """People (everybody, unless given) by the citizenship counted, the greatest number first."""
        chosen = self.people("registered") if people is None else people
        counted = Counter(self.particulars_of(person).citizenship or NOT_KNOWN for person in chosen)
        return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))

    def by_stage(self) -> dict[str, int]:
        """People by the furthest stage whose event names them, in the order of the road."""
        counted = self.view.furthest(_RANKS)
        found: dict[str, int] = {stage: counted[rank] for rank, stage in enumerate(STAGES) if rank in counted}
        return found | ({NOT_KNOWN: counted[-1]} if -1 in counted else {})

    def stage_of(self, person: PersonId) -> Stage | None:
        """The furthest stage whose event names a person; None when none does."""
        rank = self.view.furthest_of(person, _RANKS)
        return None if rank < 0 else STAGES[rank]

    def particulars_of(self, person: PersonId) -> Particulars:
        """What counting needs of one person; nothing is known of a person not yet registered."""
        return _particulars(self.everybody.register.get(person, NOT_REGISTERED))

    @cached_property
    def movements(self) -> tuple[MovementPicture, ...]:
        """Every movement, by departure, those without a time last."""
        return movements(self.everybody)

    @cached_property
    def hazards(self) -> tuple[Hazard, ...]:
        """The hazards in force, by their start."""
        return hazards(self.view.events(("hazard_began", "hazard_ended")), self.at)

    @cached_property
    def everybody(self) -> Everybody:
        """What every stage knows of everybody."""
        return Everybody(self.operation, self.view)

    def standing(self, person: PersonId) -> PersonStanding | None:
        """Where one person stands, stage by stage, and what is in the way; None when they are not in the book."""
        return standing_of(self.everybody, person)

    @cached_property
    def held_back(self) -> tuple[HeldBack, ...]:
        """Who stands where and cannot go on, by what is in the way."""
        return held_back(self.everybody)

    @cached_property
    def discrepancies(self) -> tuple[Discrepancy, ...]:
        """The book's own discrepancies: records that cannot both be right, counts that differ, chains with gaps."""
        return discrepancies(self.view)

    def findings(self) -> tuple[Finding, ...]:
        """Everything that contradicts and needs somebody: the book's discrepancies, then what the stages find."""
        return self._findings

    @cached_property
    def _findings(self) -> tuple[Finding, ...]:
        found = findings_of(self.everybody, self.people("out"))
        return (*map(finding_from, self.discrepancies), *found)

    def strip(self) -> Strip:
        """The corridor for the page: every place, the movements with people aboard or still to leave, the ends."""
        stops = []
        for place in self.operation.places:
            account = place_account(place.id)
            here = tuple(hazard for hazard in self.hazards if hazard.place == place.id)
            stops.append(Stop(place, account, self.view.inside(account), here))
        rides = tuple(ride for ride in self.movements if ride.people or ride.state in ("planned", "boarding"))
        ends = {end: self.view.inside(end_account(end)) for end in ENDS}
        return Strip(tuple(stops), rides, ends, self.view.inside(SUSPENSE))

    def _set_of(self, code: str) -> Set[PersonId]:
        if code == "registered":
            return self.view.in_book
        if code == "out":
            return self.view.people_out(*_outside_of(self.operation))
        if code in ENDS:
            return self.view.inside(end_account(code))
        if code in ("suspense", MERGED_FIGURE):
            return self.view.inside(SUSPENSE if code == "suspense" else MERGED)
        if code == "staging":
            return _all_of(self.view.inside(place_account(place.id)) for place in self.operation.places_of("staging"))
        if code == "on_the_way":
            return self.people("out") - self.people("staging") - self._settled
        if code == "applications_open":
            return self.people("registered") - self.people("out") - self._settled
        if code in DAY_FIGURES:
            return self._of_the_day(code.removesuffix("_day"))
        figure, _, group = code.rpartition("_")
        if group in GROUPS and self.has_figure(figure):
            return self.people(figure) & self._group(group)
        raise KeyError(code)

    @property
    def _settled(self) -> Set[PersonId]:
        """Whoever is at an end, in suspense, or another id's human being."""
        return _all_of(self.people(code) for code in (*ENDS, "suspense", MERGED_FIGURE))

    def _of_the_day(self, kind: str) -> Set[PersonId]:
        """Whoever an event of this kind names since the last midnight of the operation's zone."""
        zone = self.operation.as_of_zone
        midnight = moment_of(datetime_of(self.at, zone).replace(hour=0, minute=0, second=0, microsecond=0))
        return self.view.with_kind(kind, since=midnight) & self.people("registered")

    def _group(self, group: str) -> Set[PersonId]:
        """Everybody in the book who is of a group."""
        own = self.operation.eligibility.own_citizenships
        register = self.everybody.register
        wanted = [one for one, state in register.items() if _in_group(_particulars(state), group, own)]
        return self.view.set_of(wanted)


_RANKS = {name: STAGES.index(kind.stage) for name, kind in KINDS.items() if name not in PASSIVE_KINDS}


def _particulars(state: RegisterState) -> Particulars:
    return Particulars(next(iter(state.citizenships), None), state.age_band, state.relation)


def _in_group(known: Particulars, group: str, own_citizenships: Collection[str]) -> bool:
    if group == "children":
        return known.age_band in MINORS
    own = known.citizenship in own_citizenships
    return own if group == "citizens" else known.relation == "relative" and not own


def _all_of(sets: Iterable[Set[PersonId]]) -> Set[PersonId]:
    found: Set[PersonId] = frozenset()
    for one in sets:
        found = found | one if found else one
    return found


def _outside_of(operation: Operation) -> tuple[frozenset[PlaceId], frozenset[LegId]]:
    """The places of origin, and the legs on which somebody aboard is already out of them."""
    origin = frozenset(place.id for place in operation.places if not place.out)
    return origin, frozenset(leg.id for leg in operation.legs if leg.source not in origin)
