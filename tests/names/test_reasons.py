"""Why two names are one: real phenomena by script, each with the reason it must give."""

from __future__ import annotations

import pytest

from corridor.base.ids import PersonId
from corridor.names.index.people import NameIndex
from corridor.names.nicknames import are_nicknames
from corridor.names.reasons import AGAINST, SAYS, Match

CASES = [
    # query, name, reason, the same person?
    ("Мухаммед Салах", "محمد صلاح", "same_sound_across_scripts", True),
    ("Mohamed Salah", "محمد صلاح", "same_sound_across_scripts", True),
    ("יצחק רבין", "Yitzhak Rabin", "same_sound_across_scripts", True),
    ("Reza Karimi", "رضا کریمی", "same_sound_across_scripts", True),
    ("Iakutkina Tatiana", "Татьяна Якуткина", "order_swapped", True),
    ("Шевченко Тарас Григорович", "Taras Shevchenko", "patronymic_missing", True),
    ("Ivanov Sergei", "Иванов Сергей Петрович", "patronymic_missing", True),
    ("Omar Ghamdi", "عمر الغامدي", "al_dropped", True),
    ("Омар Гамди", "Omar al-Ghamdi", "al_dropped", True),
    ("Abd al-Rahman Hassan", "عبدالرحمن حسن", "abd_joined", True),
    ("Abdulaziz Saleh", "عبد العزيز صالح", "abd_joined", True),
    ("S. Petrov", "Сергей Петров", "initial", True),
    ("Саша Каримов", "Александр Каримов", "nickname", True),
    ("Иванов Сергей", "Иванова Сергей", "family_ending", True),
    ("Gholamhossein Nami", "Gholam-Hossein Nami", "joined", True),
    ("Yusuf Mansour", "Yousef Mansour", "spelling_variant", True),
    ("Семен Жуков", "Семён Жуков", "same_spelling", True),
    ("Sergei Petrpv", "Sergei Petrov", "one_letter_differs", True),
    ("Jean Dupont", "Жан Дюпон", "same_sound_across_scripts", True),
    ("Schtscherbakow Juri", "Юрий Щербаков", "same_sound_across_scripts", True),
    ("Toqaev Qasym", "Қасым Тоқаев", "same_sound_across_scripts", True),
    ("Мария Смирнова", "Мария Кузнецова", "sounds_apart", False),
    ("Иван Иванович Петров", "Иван Сергеевич Петров", "different_patronymic", False),
    ("Aziz Karimov", "Abdulaziz Karimov", "abd_missing", False),
]


def found(query: str, name: str) -> Match:
    """The match of a query with the only name there is."""
    index = NameIndex()
    index.add(PersonId("p"), [name])
    (match,) = index.search(query)
    return match


@pytest.mark.parametrize(("query", "name", "code", "same"), CASES, ids=[f"{row[0]} - {row[1]}" for row in CASES])
def test_each_phenomenon_has_its_reason(query: str, name: str, code: str, same: bool) -> None:
    """The reason that a list officer would give is among those given; only different people have reasons against."""
    match = found(query, name)
    codes = {because.code for because in match.because}
    assert code in codes, [str(because) for because in match.because]
    assert bool(codes & AGAINST) != same, [str(because) for because in match.because]


def test_spellings_of_one_person_are_likely() -> None:
    """Of the spellings of one person nearly all are almost certain; another family name is next to impossible."""
    same = [found(query, name).likeness for query, name, _, is_same in CASES if is_same]
    assert sum(likeness > 0.9 for likeness in same) >= len(same) * 3 // 4
    assert found("Мария Смирнова", "Мария Кузнецова").likeness < 0.1


def test_parts_left_over_are_named() -> None:
    """A first or last part that stands for nothing is said on its own side, with the part."""
    because = {one.code: one for one in found("Омар Хасан Шахин", "Omar Hasan").because}
    assert because["last_missing"].query == "шахин"
    assert because["last_missing"].name == ""
    assert because["last_missing"].likeness is None
    assert str(because["last_missing"]) == "шахин: the last part is not there"


def test_turned_lam_and_alef_are_read_both_ways() -> None:
    """A name from a broken PDF is found by the reading with lam and alef the right way round."""
    match = found("عالء حسن", "Alaa Hassan")
    assert match.likeness > 0.5


def test_reasons_have_words() -> None:
    """Every reason has words, and those against are among them; a nickname is never its own."""
    assert set(SAYS) >= AGAINST
    assert all(SAYS.values())
    assert are_nicknames("саша", "александр")
    assert not are_nicknames("саша", "саша")
    assert not are_nicknames("саша", "мария")
