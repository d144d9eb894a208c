"""Planted bugs, one or more for each law: what the drill must find. Each replaces one function of the program."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import msgspec
import numpy as np

from corridor.base.moments import Moment
from corridor.drill.trial import phone as phone_module
from corridor.drill.trial.disk import HeadquartersStore, Killed
from corridor.drill.trial.headquarters import Headquarters
from corridor.drill.trial.phone import Phone
from corridor.journey import orders
from corridor.journey.move import rules as move_rules
from corridor.journey.register import access
from corridor.ledger import chains
from corridor.ledger.book import discrepancies, reading
from corridor.ledger.book import view as view_module
from corridor.ledger.book.path import _Walker
from corridor.ledger.book.view import View
from corridor.ledger.chains import Chain
from corridor.ledger.columns import NEVER
from corridor.ledger.device import wire
from corridor.ledger.intake import Intake
from corridor.ledger.writer import Receipt, Writer

_Patches = Sequence[tuple[object, str, Any]]


def _drop_flagged() -> _Patches:
    """A disputed record is left out of the book instead of being shown."""
    see = reading.see

    def seen(*arguments: Any) -> reading.Seen:
        found = see(*arguments)
        visible = found.visible.copy()
        visible[found.disputed] = False
        return reading.Seen(visible, found.disputed[:0])

    return [(view_module, "see", seen)]


def _fold_by_arrival() -> _Patches:
    """A person's records are taken in the order in which they came."""
    sorted_rows = reading.sorted_rows

    def rows(found: Mapping[str, Any], *rest: Any) -> Any:
        by_arrival = np.arange(len(found["at"])) + 1_699_747_200_000
        return sorted_rows({**found, "at": by_arrival}, *rest)

    return [(reading, "sorted_rows", rows), (reading, "_FEW", 10**9)]


def _acknowledge_early() -> _Patches:
    """Receipts leave although the commit failed."""
    receive = Headquarters.receive

    def receiving(self: Headquarters, batches: Sequence[bytes], now: Moment) -> list[Receipt]:
        before = self.writer
        try:
            return receive(self, batches, now)
        except (Killed, OSError):
            verdicts = [Intake.take(_copy(before), 10**6, raw, now) for raw in batches]
            self.restart()
            return [self.writer.receipt(one, now) for one in verdicts if one.status != "quarantined"]

    return [(Headquarters, "receive", receiving)]


def _copy(writer: Writer) -> Intake:
    return Writer(writer.store, None).intake


def _split_party() -> _Patches:
    """Of several people in one record only the first moves."""
    read_lines = wire.read_lines

    def lines(raw: Sequence[bytes]) -> list[Any]:
        found = read_lines(raw)
        for one in found:
            if one is not None and one.kind == "boarded":
                del one.persons[1:]
        return found

    return [(wire, "read_lines", lines)]


def _count_twice() -> _Patches:
    """An account counts everybody in it once more."""
    accounts = View.accounts
    return [(View, "accounts", lambda self: {name: 2 * count for name, count in accounts(self).items()})]


def _cursor_by_number() -> _Patches:
    """A phone takes the number up to which headquarters holds its name for its own, whatever the hash."""
    outgoing = Phone.outgoing

    def sending(self: Phone, hello: Any, rng: Any) -> list[bytes]:
        for number, tips in hello.tips.items() if hello is not None else ():
            chain = self.epochs.get(number)
            if chain is not None:
                chain.receipted = max([chain.receipted, *(seq for seq, _ in tips if seq <= chain.last)])
        return outgoing(self, hello, rng)

    return [(Phone, "outgoing", sending)]


def _not_idempotent() -> _Patches:
    """A batch that came before is taken in again."""
    place = Chain.place

    def placing(self: Chain, stretch: chains.Stretch) -> str:
        self.seen.clear()
        return place(self, stretch)

    return [(Chain, "place", placing)]


def _repeats_count() -> _Patches:
    """Every batch that comes counts its people once more as newly seen later."""
    take = Intake.take

    def taking(self: Intake, number: int, raw: bytes, received_at: Moment) -> Any:
        verdict = take(self, number, raw, received_at)
        if verdict.status == "duplicate":
            self.columns.batches.known_at[-1] += 1_000
        return verdict

    return [(Intake, "take", taking)]


def _skip_gaps() -> _Patches:
    """A phone takes a receipt for everything before it too."""
    hear = Phone.hear_receipt

    def hearing(self: Phone, receipt: Receipt) -> bool:
        said = msgspec.json.decode(receipt.text)
        chain = self.epochs.get(said["epoch"])
        if (
            chain is not None
            and said["device"] == self.device
            and self.is_mine(chain, said["seq"], bytes.fromhex(said["head"]))
        ):
            chain.receipted = max(chain.receipted, said["seq"])
        return hear(self, receipt)

    return [(Phone, "hear_receipt", hearing), (phone_module, "_held", lambda chain, tips: chain.last)]


def _swallow_fork() -> _Patches:
    """Of two events in one slot the later is not looked at."""
    return [(chains, "standings", lambda chain, hashes_of: {})]


def _hide_fork() -> _Patches:
    """A fork is kept and nobody is told."""
    return [(discrepancies, "_chains", lambda view: iter(()))]


def _green_before_sync() -> _Patches:
    """A phone shows green before its disk has it."""
    return [(Phone, "make_safe", lambda self: None)]


def _drop_held() -> _Patches:
    """What is held is thrown away."""
    append = HeadquartersStore.append

    def appending(self: HeadquartersStore, rows: Sequence[Any]) -> None:
        append(self, [row._replace(raw=b"") if row.status == "quarantined" else row for row in rows])

    return [(HeadquartersStore, "append", appending)]


def _believe_damage() -> _Patches:
    """A batch whose signature or hash is wrong is taken in all the same."""
    check = Intake._check

    def checking(self: Intake, frame: Any, received_at: Moment) -> Any:
        code, key = check(self, frame, received_at)
        if code in ("bad_signature", "broken_chain"):
            return "", self.trust.candidates(frame.header.device, frame.header.epoch)[-1]
        return code, key

    return [(Intake, "_check", checking)]


def _trim_unreceipted() -> _Patches:
    """A phone forgets what it has sent, receipted or not."""
    outgoing = Phone.outgoing

    def sending(self: Phone, *arguments: Any) -> list[bytes]:
        batches = outgoing(self, *arguments)
        for chain in self.epochs.values():
            chain.receipted = chain.last
        return batches

    return [(Phone, "outgoing", sending), (phone_module, "_held", lambda chain, tips: chain.last)]


def _forget_corrections() -> _Patches:
    """A record that was taken back still counts."""
    return [(reading, "_taken_back", lambda standing_of, known: set())]


def _known_too_early() -> _Patches:
    """What comes in late is taken to have been known when it happened."""
    see = reading.see

    def seen(rows: Any, at: Moment, judged: reading.Judged, unreadable: int) -> reading.Seen:
        return see(rows, at, replace(judged, known=NEVER), unreadable)

    return [(view_module, "see", seen)]


def _stale_checkpoint() -> _Patches:
    """The book goes on from a checkpoint as if it had read the batch after it."""
    keep = HeadquartersStore.keep_checkpoint

    def keeping(self: HeadquartersStore, checkpoint: Any) -> None:
        keep(self, checkpoint._replace(batches=max(0, checkpoint.batches + 1)))

    return [(HeadquartersStore, "keep_checkpoint", keeping)]


def _time_decides() -> _Patches:
    """Records that no way connects: the later one wins, and nobody is told."""

    def suspend(self: Any, move: Any, code: str) -> None:
        self.post(move, self.account, move.target, "recorded")

    return [(_Walker, "_suspend", suspend)]


def _plan_apart() -> _Patches:
    """Some of a family are planned on a movement without the others."""
    return [(move_rules, "split_group", lambda groups, together: None)]


def _beds_apart() -> _Patches:
    """Some of a family get beds without the others."""
    facts_of = orders.arrive_facts
    return [(orders, "arrive_facts", lambda board, order: replace(facts_of(board, order), groups=()))]


def _read_before_log() -> _Patches:
    """A row is read, and only then the reading is logged."""
    see = access.see_persons

    def seeing(store: Any, who: Any, role: str, persons: Any, *rest: Any, **more: Any) -> Any:
        if role in ("duty_officer", "gate_officer"):
            store.get(persons)
        return see(store, who, role, persons, *rest, **more)

    return [(access, "see_persons", seeing)]


def _anybody_reads() -> _Patches:
    """Whoever asks is given the rows, whatever their role."""
    return [(access, "_refusal", lambda *asked: None)]


MUTANTS: Mapping[str, Callable[[], _Patches]] = {
    "a flagged record dropped": _drop_flagged,
    "folded by arrival": _fold_by_arrival,
    "acknowledged before the commit": _acknowledge_early,
    "a party split": _split_party,
    "people counted twice": _count_twice,
    "a cursor by number": _cursor_by_number,
    "repeats taken in again": _not_idempotent,
    "a repeat makes it known later": _repeats_count,
    "gaps skipped": _skip_gaps,
    "a fork swallowed": _swallow_fork,
    "a fork nobody is told of": _hide_fork,
    "green before the disk has it": _green_before_sync,
    "held batches thrown away": _drop_held,
    "damage believed": _believe_damage,
    "forgotten when sent": _trim_unreceipted,
    "corrections forgotten": _forget_corrections,
    "known before it came": _known_too_early,
    "a checkpoint that skips a batch": _stale_checkpoint,
    "time alone decides": _time_decides,
    "a family planned apart": _plan_apart,
    "a family given beds apart": _beds_apart,
    "names read before the log": _read_before_log,
    "anybody reads names": _anybody_reads,
}
"""Every planted bug by what it does wrong; the function's first line says it in full."""


@contextmanager
def planted(name: str) -> Iterator[None]:
    """The program with one bug in it."""
    with ExitStack() as patches:
        for target, attribute, replacement in MUTANTS[name]():
            patches.enter_context(patch.object(target, attribute, replacement))
        yield
