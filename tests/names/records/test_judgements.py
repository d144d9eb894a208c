"""What people say about links is a list that only grows; what stands follows from it, and can be undone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corridor.base.ids import UserId
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.names.records.judgements import (
    Judged,
    Judgement,
    JudgementId,
    Undone,
    Verdict,
    open_proposals,
    record,
    standing,
)
from corridor.names.records.record import Link, RecordId

OFFICER = UserId("list-officer")


def judged(id: str, pair: str, verdict: Verdict) -> Judged:
    """A verdict on two one-letter records."""
    a, b = (RecordId(letter) for letter in pair)
    return Judged(id=JudgementId(id), a=a, b=b, verdict=verdict, by=OFFICER, at=Moment(0))


def undone(id: str, of: str) -> Undone:
    """A judgement taken back."""
    return Undone(id=JudgementId(id), of=JudgementId(of), by=OFFICER, at=Moment(0))


def recorded(*judgements: Judgement) -> tuple[Judgement, ...]:
    """A list in which every judgement was accepted."""
    made: tuple[Judgement, ...] = ()
    for judgement in judgements:
        answer = record(made, judgement)
        assert not isinstance(answer, Refusal), str(answer)
        made = answer
    return made


def verdict(judgements: tuple[Judgement, ...], pair: str) -> str | None:
    """What stands of two records."""
    return standing(judgements).verdict(RecordId(pair[0]), RecordId(pair[1]))


def test_same_is_transitive() -> None:
    """A is B and B is C make one group; who was said to differ from one of it differs from all."""
    said = recorded(judged("1", "ab", "same"), judged("2", "bc", "same"), judged("3", "cd", "different"))
    assert standing(said).groups == (("a", "b", "c"),)
    assert [verdict(said, pair) for pair in ("ac", "ad", "da", "de")] == ["same", "different", "different", None]


def test_conflict_merges_nothing() -> None:
    """Same, same and different within one group is a conflict that names both sides, and no group."""
    said = recorded(judged("1", "ab", "same"), judged("2", "bc", "same"), judged("3", "ac", "different"))
    stands = standing(said)
    assert stands.groups == ()
    (conflict,) = stands.conflicts
    assert conflict.group == ("a", "b", "c")
    assert [each.id for each in (*conflict.same, *conflict.different)] == ["1", "2", "3"]
    assert verdict(said, "ab") == "conflict"


def test_undo_and_undo_of_undo() -> None:
    """A judgement taken back is as if never said; taking that back brings it again."""
    said = recorded(judged("1", "ab", "same"), undone("2", "1"))
    assert verdict(said, "ab") is None
    again = recorded(*said, undone("3", "2"))
    assert verdict(again, "ab") == "same"
    assert verdict(recorded(*again, undone("4", "3")), "ab") is None


def test_last_word_counts() -> None:
    """The last verdict on a pair counts, in either order of the two; undone, the one before counts again."""
    said = recorded(judged("1", "ab", "unsure"), judged("2", "ba", "same"), judged("3", "ab", "different"))
    assert verdict(said, "ab") == "different"
    assert verdict(recorded(*said, undone("4", "3")), "ab") == "same"


def test_what_cannot_be_recorded() -> None:
    """One record with itself, an id twice, and taking back what does not stand are refused; the list is untouched."""
    said = recorded(judged("1", "ab", "same"))
    for judgement in (judged("2", "aa", "same"), judged("1", "bc", "same"), undone("2", "9")):
        assert isinstance(record(said, judgement), Refusal)
    gone = recorded(*said, undone("2", "1"))
    assert isinstance(record(gone, undone("3", "1")), Refusal)


def test_open_proposals() -> None:
    """What is settled, by transitivity too, is proposed no more; the unsure stays, the likeliest comes first."""
    links = [
        Link(a=RecordId(a), b=RecordId(b), probability=p, because=())
        for a, b, p in (("a", "b", 0.9), ("b", "c", 0.8), ("a", "c", 0.7), ("d", "e", 0.6), ("e", "f", 0.95))
    ]
    said = recorded(judged("1", "ab", "same"), judged("2", "bc", "same"), judged("3", "de", "unsure"))
    assert [(link.a, link.b) for link in open_proposals(links, standing(said))] == [("e", "f"), ("d", "e")]


PAIRS = st.lists(st.sampled_from("abcdef"), min_size=2, max_size=2, unique=True).map("".join)
VERDICTS = st.lists(st.tuples(PAIRS, st.sampled_from(("same", "different", "unsure"))), max_size=12)


@given(VERDICTS, st.data())
def test_undoing_is_exact(said: list[tuple[str, Verdict]], data: st.DataObject) -> None:
    """Whatever was said, taking one judgement back stands like never having said it; groups never overlap."""
    judgements = recorded(*(judged(str(number), pair, verdict) for number, (pair, verdict) in enumerate(said)))
    stands = standing(judgements)
    every = [record for group in (*stands.groups, *(c.group for c in stands.conflicts)) for record in group]
    assert len(every) == len(set(every))
    if judgements:
        index = data.draw(st.integers(0, len(judgements) - 1))
        without = judgements[:index] + judgements[index + 1 :]
        taken_back = standing((*judgements, undone("u", judgements[index].id)))
        assert taken_back == standing(without)
