"""Whole records are linked for the right reasons, and for the wrong ones they are not."""

from __future__ import annotations

import itertools
from math import log2

import numpy as np
import pytest
from splink import SettingsCreator
from sqlglot import parse_one
from sqlglot.expressions import Func
from tests.names.records.people import SAME_BIRTH, SAME_SEX, born, person, register

from corridor.names.records.candidates import candidates
from corridor.names.records.chance.counted import level_of
from corridor.names.records.columns import table_of
from corridor.names.records.consonants import ConsonantNames
from corridor.names.records.evaluate import evaluate_linkage
from corridor.names.records.likeness import Likeness
from corridor.names.records.linking import duplicates, match, weigh_pairs
from corridor.names.records.record import Link, Record, document_key, is_placeholder
from corridor.names.records.settings import COLUMNS, COMPARISONS, settings

ENGINE = ConsonantNames()


def crowd(count: int = 60) -> list[Record]:
    """People who have nothing to do with each other, so that a case stands in a list."""
    records, _ = register(count, 0.0, seed=5)
    return records


def between(a: Record, b: Record) -> Link | None:
    """The link of two records among a crowd; None: it is not even proposed."""
    links = duplicates([a, b, *crowd()], ENGINE).links
    return next((link for link in links if {link.a, link.b} == {a.id, b.id}), None)


def probability(a: Record, b: Record) -> float:
    """The probability of the link of two records; 0 when it is not proposed."""
    link = between(a, b)
    return 0.0 if link is None else link.probability


def weight(a: Record, b: Record, about: str) -> float:
    """The weight of one comparison of two records."""
    link = between(a, b)
    assert link is not None
    return next(reason.weight for reason in link.because if reason.about == about)


IVANOV = person("a", "Иванов Пётр Сергеевич", birth=born(1984, 5, 17), document="75 1234567")


def test_same_person_in_two_scripts() -> None:
    """The same name in another script with the same birth date is the same person, and the reasons say why."""
    link = between(IVANOV, person("b", "PETR IVANOV", birth=born(1984, 5, 17)))
    assert link is not None and link.probability > 0.99
    codes = {reason.code for reason in link.because}
    assert {"birth_same", "sex_same", "citizenship_same"} <= codes
    assert not any(reason.against for reason in link.because)


def test_first_of_january_says_little() -> None:
    """1 January on one side or both counts as the year only: far less than a whole birth date."""
    whole = weight(IVANOV, person("b", "Иванов Пётр", birth=born(1984, 5, 17)), "birth")
    for birth in (born(1984, 1, 1), born(1984)):
        rough = weight(IVANOV, person("b", "Иванов Пётр", birth=birth), "birth")
        assert 0 < rough < whole / 2
    ali = person("a", "Ali Hassan", birth=born(1980, 1, 1), citizenship=None)
    both = weight(ali, person("b", "Ali Hassan", birth=born(1980, 1, 1), citizenship=None), "birth")
    assert both < whole / 2
    assert is_placeholder(born(1980, 1, 1)) and not is_placeholder(born(1980, 1, 2))


def test_equal_document_nearly_settles() -> None:
    """The same document number outweighs a wrong birth date and another spelling; a placeholder number says nothing."""
    spoiled = person("b", "Ivanow Pjotr", birth=born(1984, 3, 2), document="751234567")
    assert probability(IVANOV, spoiled) > 0.99
    assert probability(IVANOV, person("b", "Ivanow Pjotr", birth=born(1984, 3, 2), document="99 7654321")) < 0.9
    assert document_key("00000") is None and document_key("12") is None and document_key("ab 12-3") == "AB123"


def test_twins_are_two_people() -> None:
    """Twins share everything but the given name, and are not linked; with one document number a person must look."""
    twin = person("b", "Иванов Михаил Сергеевич", birth=born(1984, 5, 17))
    assert probability(IVANOV, twin) < 0.2
    link = between(IVANOV, twin)
    if link is not None:
        assert "birth_twin" in {reason.code for reason in link.because}


def test_father_of_the_same_name_is_another() -> None:
    """A father with the same name and citizenship is not linked, nor a namesake of the same age without more."""
    father = person("b", "Иванов Пётр Сергеевич", birth=born(1958, 2, 3))
    assert probability(IVANOV, father) < 0.5
    same = person("b", "Иванов Пётр Сергеевич", birth=born(1984, 5, 17))
    assert probability(IVANOV, same) > 0.99


def test_name_alone_is_never_certain() -> None:
    """The same name without birth date and document is at most likely, and says so; a document makes it certain."""
    ali = person("a", "محمد علي حسن")
    link = between(ali, person("b", "Mohammed Ali Hassan"))
    assert link is not None and link.probability <= 0.9
    assert "name_alone" in {reason.code for reason in link.because}
    papers = [
        person(id, name, document="AA55555") for id, name in (("a", "محمد علي حسن"), ("b", "Mohammed Ali Hassan"))
    ]
    assert probability(*papers) > 0.99


def test_exchanged_day_and_month() -> None:
    """Day and month exchanged still speaks for the link."""
    link = between(
        person("a", "Omar Haddad", birth=born(1990, 4, 9)), person("b", "Omar Haddad", birth=born(1990, 9, 4))
    )
    assert link is not None
    assert next(reason for reason in link.because if reason.about == "birth").code == "birth_exchanged"


def test_match_links_across_only() -> None:
    """Two registers are linked across, never within, and a person likelier elsewhere is said to be."""
    a = [person("1", "Omar Haddad", birth=born(1990, 4, 9), document="AA55555"), *crowd(40)]
    b = [
        person("1", "HADDAD OMAR", birth=born(1990, 4, 9), document="AA55555"),
        person("2", "Omar Hadad", birth=born(1990, 9, 4)),
    ]
    links = match(a, b, ENGINE).links
    assert [(link.a, link.b) for link in links] == [("1", "1"), ("1", "2")]
    assert any(reason.code == "likelier_elsewhere" for reason in links[1].because)
    assert not any(reason.code == "likelier_elsewhere" for reason in links[0].because)


def test_an_id_comes_once() -> None:
    """Two records with one id in one register are an error that names it."""
    with pytest.raises(ValueError, match="the id 7"):
        duplicates([person("7", "A B"), person("7", "C D")], ENGINE)


def test_nothing_to_link() -> None:
    """Empty registers, and people without names or dates, give no link and no error."""
    assert match([], [], ENGINE).links == ()
    assert duplicates([person("1"), person("2")], ENGINE).links == ()


def test_order_does_not_matter() -> None:
    """The same records in another order give the same links."""
    records, _ = register(120, 0.4, seed=8)
    pairs = [
        {(frozenset((link.a, link.b)), link.probability) for link in duplicates(some, ENGINE).links}
        for some in (records, records[::-1])
    ]
    assert pairs[0] == pairs[1] and pairs[0]


def test_known_chances_are_found_again() -> None:
    """Learning without labels finds the chances the records were made with, the number of pairs, and the pairs."""
    records, truth = register(1_800, 0.3, seed=3)
    compared = ENGINE([record.names for record in records])
    weighed = weigh_pairs(records, compared, candidates(records, compared), None)
    true_pairs = len(records) - len(set(truth.values()))
    expected = weighed.prior * len(records) * (len(records) - 1) / 2
    assert expected == pytest.approx(true_pairs, rel=0.1)

    def learned(about: str, code: str) -> float:
        column = list(COMPARISONS).index(about)  # type: ignore[arg-type]
        place = [level.code for level in COMPARISONS[about]].index(code)  # type: ignore[index]
        return float(np.median(weighed.weights[weighed.outcomes[:, column] == place, column]))

    by_chance = 1 / (80 * 12 * 27)
    assert learned("birth", "birth_same") == pytest.approx(log2(SAME_BIRTH / by_chance), abs=0.6)
    assert learned("sex", "sex_same") == pytest.approx(log2(SAME_SEX / 0.5), abs=0.1)
    assert learned("sex", "sex_differs") == pytest.approx(log2((1 - SAME_SEX) / 0.5), abs=1.0)
    same = np.array([truth[records[a].id] == truth[records[b].id] for a, b in zip(*_both(weighed.pairs), strict=True)])
    assert weighed.probability.sum() == pytest.approx(true_pairs, rel=0.1)
    sure = weighed.probability > 0.95
    assert same[sure].mean() > 0.98
    assert same[weighed.probability > 0.5].sum() > 0.9 * true_pairs


def _both(pairs: object) -> tuple[list[int], list[int]]:
    return pairs.first.tolist(), pairs.second.tolist()  # type: ignore[attr-defined]


def test_figures_of_a_trial() -> None:
    """The figures count what was never weighed as missed, and agree with each other."""
    records, truth = register(300, 0.3, seed=4)
    figures = evaluate_linkage(records, truth, ENGINE)
    assert figures.true_pairs == len(records) - 300
    assert figures.candidate_recall >= figures.recall_at_precision_95 >= figures.recall_at_precision_99 > 0.8
    assert figures.best_f1 == pytest.approx(
        2 * figures.best_f1_precision * figures.best_f1_recall / (figures.best_f1_precision + figures.best_f1_recall),
        abs=1e-3,
    )
    alone = evaluate_linkage(records[:1], truth, ENGINE)
    assert (alone.true_pairs, alone.pairs_weighed, alone.best_f1) == (0, 0, 0.0)


def test_settings_are_of_no_engine() -> None:
    """The one settings object is accepted by Splink for DuckDB and for Spark, and reads only the columns there are."""
    for engine in ("duckdb", "spark"):
        made = SettingsCreator.from_path_or_dict(settings()).get_settings(engine)
        assert len(made.comparisons) == len(COMPARISONS)
    functions = {
        type(function).__name__
        for levels in COMPARISONS.values()
        for level in levels
        if level.sql is not None
        for function in parse_one(level.sql, read="spark").find_all(Func)
    }
    assert functions == {"Abs", "And", "Or", "ArrayContains"}
    records = crowd(5)
    compared = ENGINE([record.names for record in records])
    pairs = candidates(records, compared)
    levels = np.zeros(len(pairs), np.int8)
    assert set(table_of(records, pairs, levels, levels > 0).column_names) == set(COLUMNS)


def test_each_comparison_adds_up() -> None:
    """In every comparison the shipped chances are chances: between 0 and 1, and about 1 in all."""
    for levels in COMPARISONS.values():
        for chances in ([level.m for level in levels], [level.u for level in levels]):
            known = [chance for chance in chances if chance is not None]
            assert all(0 < chance <= 1 for chance in known)
            assert sum(known) == pytest.approx(1, abs=0.08)


def test_levels_follow_likeness() -> None:
    """More alike is never a lower level."""
    likeness: Likeness = np.linspace(0, 1, 101, dtype=np.float32)
    levels = level_of(likeness).tolist()
    assert levels[0] == 0 and levels[-1] == 5
    assert all(low <= high for low, high in itertools.pairwise(levels))
