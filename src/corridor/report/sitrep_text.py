"""How a situation report reads: plain text in one language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from corridor.base.ids import PlaceId
from corridor.base.moments import Moment, datetime_of
from corridor.base.operation import name_in
from corridor.journey.board.board import ADDENDS, MERGED_FIGURE
from corridor.journey.board.movements import MovementPicture
from corridor.report.claims import Compared, definition_in, publisher_in
from corridor.report.figures import figure_name
from corridor.report.sitrep import Sitrep
from corridor.report.words import Words

SUMMED = ("received", "staging", "on_the_way")
"""The parts of `out` that the first sentence always tells; other parts only where there are any."""

SHOWN_MAX = 20
"""Persons and discrepancies shown by name in a text; the rest are counted, and the page opens them all."""


def sitrep_text(report: Sitrep, words: Words) -> str:
    """The whole report as text, ending in a line break."""
    return "\n".join(_Text(report, words).lines()) + "\n"


class _Text:
    """One report being written in one language."""

    def __init__(self, report: Sitrep, words: Words) -> None:
        self.report = report
        self.words = words

    def lines(self) -> Iterator[str]:
        report, say = self.report, self.words.say
        title = name_in(report.operation.titles, self.words.language) if report.operation.titles else ""
        yield say("sitrep.title", operation=title or report.operation.name)
        yield say("sitrep.as_of", at=self.time(report.at), known=self.time(report.known))
        yield say("sitrep.since", since=self.time(report.since))
        yield ""
        yield self.summary()
        yield say("sitrep.summary_open", open=self.number("applications_open"))
        for heading, body in (
            ("figures", self.figures()),
            ("people", self.people()),
            ("places", self.places()),
            ("movements", self.movements()),
            ("departures", self.departures()),
            ("hazards", self.hazards()),
            ("claims", self.claims()),
            ("suspense", self.suspense()),
            ("discrepancies", self.discrepancies()),
        ):
            yield ""
            yield say(f"sitrep.{heading}")
            yield from body

    def summary(self) -> str:
        """Who is out, and where they are: the addends sum to the total."""
        board_out = next(figure.people for figure in self.report.figures if figure.code == "out")
        others = ""
        shown = {figure.code: len(figure.people & board_out) for figure in self.report.figures}
        for code in ADDENDS:
            if code not in SUMMED and shown[code]:
                name = figure_name(code, self.words).lower()
                others += self.words.say("sitrep.others", value=self.words.number(shown[code]), name=name)
        values = {code: self.words.number(shown[code]) for code in ("out", *SUMMED)}
        return self.words.say("sitrep.summary", others=others, **values)

    def figures(self) -> Iterator[str]:
        report, words = self.report, self.words
        for figure in report.figures:
            change = report.changes[figure.code]
            text = words.change(figure.value - change.now)
            if change.then != change.now:
                then, now = words.number(change.then), words.number(change.now)
                text += "; " + words.say("change.revised", then=then, now=now, since=self.time(report.since))
            yield words.say("sitrep.figure", name=figure.name, value=words.number(figure.value), change=text)
            yield words.say("sitrep.definition", definition=figure.definition)
            yield words.say("sitrep.source", at=self.time(figure.at))
        told = {figure.code for figure in report.figures}
        addends = " + ".join(self.number(code) for code in (*ADDENDS, MERGED_FIGURE) if code in told)
        yield words.say("sitrep.sum", addends=addends, registered=self.number("registered"))
        yield words.say("sitrep.source_all", source=report.figures[0].source)

    def people(self) -> Iterator[str]:
        for part in self.report.parts:
            yield self.words.say(
                "sitrep.of_them",
                name=figure_name(part.code, self.words),
                people=self.words.count("people", part.people),
                children=self.words.count("children", part.children),
                citizenships=self.counts(part.citizenships, {}),
            )
        names = {stage: self.words.say(f"stage.{stage}") for stage in self.report.stages}
        yield self.words.say("sitrep.stages", stages=self.counts(self.report.stages, names))

    def places(self) -> Iterator[str]:
        strip = self.report.strip
        for stop in strip.stops:
            if stop.people:
                place, people = self.place(stop.place.id), self.words.count("people", len(stop.people))
                yield self.words.say("sitrep.place", place=place, people=people)
        for ride in strip.rides:
            if ride.people:
                people = self.words.count("people", len(ride.people))
                state = self.words.say(f"state.{ride.state}")
                yield self.words.say("sitrep.aboard", people=people, state=state, **self.way(ride))
        for end, gone in strip.ends.items():
            if gone:
                people = self.words.count("people", len(gone))
                yield self.words.say("sitrep.place", place=figure_name(end, self.words), people=people)

    def movements(self) -> Iterator[str]:
        for ride in self.report.left:
            yield self.words.say("sitrep.left", time=self.time(ride.departed_at), **self.way(ride))
        for ride in self.report.arrived:
            yield self.words.say("sitrep.arrived", time=self.time(ride.arrived_at), **self.way(ride))
        if not self.report.left and not self.report.arrived:
            yield self.words.say("sitrep.no_movements")

    def departures(self) -> Iterator[str]:
        for ride in self.report.departures:
            seats = self.words.say("sitrep.not_known") if ride.seats is None else self.words.number(ride.seats)
            planned = self.words.number(len(ride.planned))
            time = self.time(ride.departs_at)
            yield self.words.say("sitrep.departure", time=time, planned=planned, seats=seats, **self.way(ride))
        if not self.report.departures:
            yield self.words.say("sitrep.no_departures")

    def hazards(self) -> Iterator[str]:
        for hazard in self.report.hazards:
            key = f"hazard.{hazard.type}"
            where = self.place(hazard.place) if hazard.place else hazard.leg or self.words.say("sitrep.everywhere")
            yield self.words.say(
                "sitrep.hazard",
                type=self.words.say(key) if self.words.has(key) else hazard.type,
                where=where,
                began=self.time(hazard.span.start),
                until=self.time(hazard.span.until),
            )
        if not self.report.hazards:
            yield self.words.say("sitrep.no_hazards")

    def claims(self) -> Iterator[str]:
        for compared in self.report.claims:
            yield from self.claim(compared)
        if not self.report.claims:
            yield self.words.say("sitrep.no_claims")

    def claim(self, compared: Compared) -> Iterator[str]:
        claim, say, number = compared.claim, self.words.say, self.words.number
        certainty = say(f"certainty.{claim.certainty}") if self.words.has(f"certainty.{claim.certainty}") else ""
        yield say(
            "sitrep.claim",
            said_by=publisher_in(self.report.operation, claim, self.words.language),
            said_at=self.time(claim.said_at),
            definition=definition_in(self.report.operation, claim, self.words.language),
            value=say("sitrep.not_known") if claim.value is None else number(claim.value),
            certainty=certainty or claim.certainty,
        )
        yield say("sitrep.claim_source", source=claim.source)
        if claim.note:
            yield say("sitrep.claim_note", note=claim.note)
        if compared.own is None or compared.own_later is None or compared.difference is None:
            yield say("sitrep.claim_no_own")
            return
        day = datetime_of(claim.at, self.report.operation.as_of_zone).date().isoformat()
        own = number(compared.own)
        if compared.own_later != compared.own:
            own = say("sitrep.from_to", first=own, last=number(compared.own_later))
        if compared.agrees:
            yield say("sitrep.claim_agrees", day=day, own=own)
        else:
            yield say("sitrep.claim_differs", day=day, own=own, difference=self.words.change(compared.difference))

    def suspense(self) -> Iterator[str]:
        people = sorted(self.report.strip.suspense)
        yield from people[:SHOWN_MAX]
        if len(people) > SHOWN_MAX:
            yield self.words.say("sitrep.more", n=self.words.number(len(people) - SHOWN_MAX))
        if not people:
            yield self.words.say("sitrep.no_suspense")

    def discrepancies(self) -> Iterator[str]:
        findings = self.report.findings
        for finding in findings[:SHOWN_MAX]:
            yield self.words.say("sitrep.discrepancy", says=finding.says, remedy=finding.remedy)
        if len(findings) > SHOWN_MAX:
            yield self.words.say("sitrep.more", n=self.words.number(len(findings) - SHOWN_MAX))
        if not findings:
            yield self.words.say("sitrep.no_discrepancies")

    def number(self, code: str) -> str:
        return self.words.number(self.report.value(code))

    def counts(self, counted: Mapping[str, int], names: Mapping[str, str]) -> str:
        """Numbers by name in one line; a name that is not known is told so."""
        unknown = self.words.say("sitrep.not_known")
        parts = (
            f"{names.get(key, unknown if key == 'not_known' else key)} {self.words.number(number)}"
            for key, number in counted.items()
        )
        return ", ".join(parts) or self.words.say("sitrep.nothing")

    def way(self, ride: MovementPicture) -> dict[str, str]:
        return {"movement": ride.name, "source": self.place(ride.source), "target": self.place(ride.target)}

    def place(self, place: PlaceId | None) -> str:
        if place is None:
            return self.words.say("sitrep.not_known")
        if not self.report.operation.has_place(place):
            return place
        return name_in(self.report.operation.place(place).names, self.words.language)

    def time(self, moment: Moment | None) -> str:
        if moment is None:
            return self.words.say("sitrep.not_known")
        return self.words.time(moment, self.report.operation.as_of_zone)
