"""The index of names keeps its laws: it forgets at once, minds no order of adding, and comes back from a file."""

from __future__ import annotations

import gc
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.base.ids import PersonId
from corridor.base.refusal import Refusal
from corridor.names import storage
from corridor.names.index import lists
from corridor.names.index.people import NameIndex
from corridor.names.index.saved import load, save
from corridor.names.normalise import part_of
from corridor.names.skeleton import skeleton

PEOPLE = {
    "p1": ["Владимир Соловьёв", "Vladimir Solovyov"],
    "p2": ["Соловьёва Мария Петровна"],
    "p3": ["محمد عبد الله"],
    "p4": ["Abdulrahman al-Sayed"],
    "p5": ["עבד אל-רחמן", "Abd el Rahman"],
    "p6": ["Nguyễn Văn An"],
    "p7": ["محمد عبد الله"],
    "p8": ["Madonna"],
}
QUERIES = (
    "Vladimir Soloviev",
    "محمد عبدالله",
    "Mohammed Abdullah",
    "Марья Соловьева",
    "عبدالرحمن السيد",
    "Madona",
    "金",
)

words = st.sampled_from([name for names in PEOPLE.values() for name in names] + ["Али", "Ali Hasan", "علي حسن", "?"])
people = st.dictionaries(
    st.sampled_from([f"q{n}" for n in range(9)]), st.lists(words, min_size=1, max_size=3), max_size=9
)


def index_of(some: dict[str, list[str]]) -> NameIndex:
    """An index with these people, added one by one in this order."""
    index = NameIndex()
    for person, names in some.items():
        index.add(PersonId(person), names)
    return index


def everything(index: NameIndex) -> list[object]:
    """All that the index answers to the queries, and who is in it."""
    return [sorted(index.everybody()), len(index), sorted(index.part_keys()), *(index.search(q, 5) for q in QUERIES)]


def test_finds_across_scripts() -> None:
    """Each person is found by a spelling of another script, best first, one answer a person."""
    index = index_of(PEOPLE)
    assert index.search("Vladimir Soloviev")[0].person == "p1"
    assert {match.person for match in index.search("Mohammed Abdullah", 2)} == {"p3", "p7"}
    assert index.search("عبدالرحمن السيد")[0].person == "p4"
    assert index.search("Мадонна")[0].person == "p8"
    persons = [match.person for match in index.search("Rahman", 20)]
    assert len(persons) == len(set(persons))


@settings(max_examples=25, deadline=None)
@given(people, st.randoms(use_true_random=False))
def test_order_of_adding_does_not_matter(some: dict[str, list[str]], chance: object) -> None:
    """The same people in another order, or all at once, give the same answers."""
    first = everything(index_of(some))
    turned = list(some.items())
    chance.shuffle(turned)  # type: ignore[attr-defined]
    assert everything(index_of(dict(turned))) == first
    at_once = NameIndex()
    at_once.add_many((PersonId(person), names) for person, names in turned)
    assert everything(at_once) == first


@settings(max_examples=25, deadline=None)
@given(people, people)
def test_add_then_forget_is_never_there(some: dict[str, list[str]], others: dict[str, list[str]]) -> None:
    """People who were added and forgotten leave no trace: not in answers, not in parts, not in texts."""
    index = index_of(some)
    before = everything(index)
    for person, names in others.items():
        index.add(PersonId(f"other-{person}"), names)
    for person in others:
        assert index.forget(PersonId(f"other-{person}")) == sum(
            1 for name in set(others[person]) if any(c.isalpha() for c in name)
        )
    assert everything(index) == before
    assert index.forget(PersonId("other-q1")) == 0


def test_forgotten_bytes_are_overwritten() -> None:
    """The text and the parts of a forgotten name are nowhere in the index's memory."""
    index = index_of({"p1": ["Zzyzxqwert Abcdefgh"], "p2": ["Мария"]})
    assert index.forget(PersonId("p1")) == 1
    assert b"Zzyz" not in bytes(index._names._bytes)
    assert "zzyzxqwert" not in index.part_keys()
    assert part_of.cache_info().currsize == skeleton.cache_info().currsize == 0


@settings(max_examples=25, deadline=None)
@given(people, words)
def test_change_is_forget_and_add(some: dict[str, list[str]], name: str) -> None:
    """Changing a person's names is as if they had come with the new ones."""
    index = index_of(some)
    for person in some:
        index.change(PersonId(person), [name])
    assert everything(index) == everything(index_of({person: [name] for person in some}))


@settings(max_examples=15, deadline=None)
@given(people)
def test_saved_and_loaded_is_equal(tmp_path_factory: pytest.TempPathFactory, some: dict[str, list[str]]) -> None:
    """An index from a file answers as the one that was saved, and saves to the same bytes."""
    folder = tmp_path_factory.mktemp("index")
    index = index_of(some)
    save(index, folder / "one")
    loaded = load(folder / "one")
    assert isinstance(loaded, NameIndex)
    assert everything(loaded) == everything(index)
    save(loaded, folder / "two")
    assert (folder / "one").read_bytes() == (folder / "two").read_bytes()
    for person in some:
        loaded.forget(PersonId(person))
    assert len(loaded) == 0
    assert loaded.part_keys() == []


@pytest.mark.parametrize("cut", [0, 1, 40, 0.5, 0.99])
def test_a_damaged_file_is_refused(tmp_path: Path, cut: float) -> None:
    """A file that ends early, or is something else, is refused with what to do; it never crashes."""
    save(index_of(PEOPLE), tmp_path / "whole")
    raw = (tmp_path / "whole").read_bytes()
    (tmp_path / "cut").write_bytes(raw[: cut if isinstance(cut, int) else int(len(raw) * cut)])
    for file in (tmp_path / "cut", tmp_path / "absent"):
        refused = load(file)
        assert isinstance(refused, Refusal)
        assert file.name in refused.says
    assert isinstance(load(tmp_path / "whole"), NameIndex)


def test_many_at_once_answers_as_one_by_one() -> None:
    """A batch of queries has the answers of each; no query and an empty index have none."""
    index = index_of(PEOPLE)
    assert index.search_many(QUERIES, 5) == [index.search(query, 5) for query in QUERIES]
    assert index.search_many([], 5) == []
    assert NameIndex().search("Али") == ()


def test_the_nearest_lists_hold_nearly_all_that_a_whole_look_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    """With lists, one query and many have the same answers, and nearly all that looking at every name gives."""
    first = ["Али", "Мария", "Иван", "Anna", "Peter", "محمد", "خالد", "Hasan", "Ольга", "משה"]
    last = ["Петров", "Hasan", "العلي", "Smith", "Каримов", "כהן", "Nasser", "Шахин", "Abdullah", "Müller"]
    index = NameIndex()
    index.add_many(
        (PersonId(f"p{a}{b}{c}"), (f"{one} {two} {three}",))
        for a, one in enumerate(first)
        for b, two in enumerate(last)
        for c, three in enumerate(last)
    )
    queries = ("Ivan Petrov", "Хасан Каримов", "Mariam Nasser", "علي سميث")
    whole = [index.search(query, 10) for query in queries]
    monkeypatch.setattr(lists, "EXACT_MAX", 100)
    some = index.search_many(queries, 10)
    assert some == [index.search(query, 10) for query in queries]
    kept = [len({m.person for m in one} & {m.person for m in two}) for one, two in zip(whole, some, strict=True)]
    assert sum(kept) >= 30


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_no_query_or_name_breaks_it(text: str) -> None:
    """Whatever is added or asked, answers are likenesses from 0 to 1 with reasons; the name comes back as written."""
    index = index_of(PEOPLE)
    index.add(PersonId("x"), [text])
    for match in index.search(text, 5):
        assert 0 <= match.likeness <= 1
        assert match.because
        assert all(str(because) and because.says for because in match.because)
    if index.names_of(PersonId("x")):
        assert index.names_of(PersonId("x")) == (text,)
        assert "x" in {match.person for match in index.search(text, len(PEOPLE) + 1)}


def test_what_is_kept_of_a_name_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name takes what its columns and texts say and an eighth more, so that a million of known parts fit into 300 MB.

    Of each name: 128 bytes of vector, 8 beside it, 8 parts by 4, two texts with 12 bytes each beside them, two postings
    of 8; of each new part 167 bytes of columns, its text as Python has it, and its place in a dictionary and a list.
    """
    monkeypatch.setattr(storage, "OWN_PAGES_MIN", 1 << 40)  # else tracemalloc does not see the large arrays
    rng, number = np.random.default_rng(1), 3_000
    words = ["".join(some) for some in rng.choice(list("абвгдеиклмнорст"), (4 * number, 6))]
    new = [" ".join(pair) for pair in zip(words[::2], words[1::2], strict=True)]
    known = [" ".join(pair) for pair in zip(words[: 2 * number : 2], words[3 : 2 * number + 3 : 2], strict=True)]
    sizes = []
    index = NameIndex()
    tracemalloc.start()
    for turn, names in enumerate((new[:number], new[number:], known)):
        index.add_many((PersonId(f"p{turn}-{place}"), (name,)) for place, name in enumerate(names))
        part_of.cache_clear()  # they hold as many parts however many names there are
        skeleton.cache_clear()
        gc.collect()
        kept = index._lists
        empty = sum(len(rows) - int(size) for rows, size in zip(kept._vectors, kept._sizes, strict=True))
        sizes.append((tracemalloc.get_traced_memory()[0] - empty * (128 + 8)) / number)
    tracemalloc.stop()
    assert len(index) == 3 * number
    of_name = 128 + 8 + 8 * 4 + (25 + 12) + (7 + 12) + 2 * 8
    of_part = 167 + 90 + 100
    assert sizes[2] - sizes[1] < of_name * 1.25 <= 300
    assert sizes[1] - sizes[0] < (of_name + 2 * of_part) * 1.25


def test_some_people_are_weighed_as_in_a_search() -> None:
    """Whoever is asked for by id gets the likeness and reasons of a search, also where a search passes them over."""
    index = index_of(PEOPLE)
    everybody = [PersonId(person) for person in PEOPLE]
    for query in QUERIES:
        assert index.alike(query, everybody) == index.search(query, len(PEOPLE))
    (one,) = index.alike("Madonna", [PersonId("p3"), PersonId("stranger")])
    assert one.person == "p3" and one.likeness < 0.1 and any(reason.against for reason in one.because)
