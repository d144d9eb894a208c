"""Names are brought into one form: real spelling habits by script, the golden vectors, and inputs made to break it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.names.normalise import NAME_CHARS_MAX, PART_CHARS_MAX, PARTS_MAX, keys, lam_alef_restored, parts
from corridor.names.skeleton import skeleton, skeleton_keys

GOLDEN = Path(__file__).parent.parent / "golden" / "names" / "normalise.json"

ALIKE = [
    # Arabic
    ("مُحَمَّد", "محمد", "harakat"),
    ("محـــمد", "محمد", "tatweel"),
    ("ﻣﺤﻤﺪ", "محمد", "presentation forms"),
    ("أحمد", "احمد", "hamza on alef"),
    ("إسلام", "اسلام", "hamza under alef"),
    ("آمنة", "امنه", "madda, teh marbuta"),
    ("فاطمة", "فاطمه", "teh marbuta"),
    ("مصطفى", "مصطفي", "alef maqsura"),
    ("عبد الله", "عبدالله", "Abd apart and joined"),
    ("عبد الرحمن", "عبدالرحمن", "Abd al-X apart and joined"),
    ("ابن سينا", "بن سينا", "ibn and bin"),
    ("هللا", "الله", "lam and alef turned round by a PDF, where no other reading is"),
    ("\u202bعلي\u202c", "علي", "bidi marks"),
    ("علي\u200f", "علي", "right-to-left mark"),
    # Persian, Urdu
    ("کریمی", "كريمي", "Persian kaf and yeh"),
    ("نظام\u200cزاده", "نظامزاده", "zero-width non-joiner"),
    ("شاہ", "شاه", "Urdu heh"),
    # Latin
    ("Abd al-Rahman", "ABDULRAHMAN", "Abd al-X apart and joined"),
    ("Abdel Rahman", "Abdurrahman", "Abdel and the assimilated article"),
    ("Abdullah", "Abdallah", "Abdullah, Abdallah"),
    ("Al-Shami", "ash-Shami", "the article before a sun letter"),
    ("El Shami", "al Shami", "al and el"),
    ("Jörg Müller", "Jorg Muller", "marks on Latin letters"),
    ("O’Brien", "O'Brien", "apostrophes"),
    ("Gholam-Hossein", "Gholam Hossein", "hyphens"),
    ("IVANOV, Ivan", "Ivanov Ivan", "comma and case"),
    ("Iv\u200ban", "Ivan", "zero-width space"),
    ("Qasym-Jomart Toqaev", "Qasym Jomart Toqaev", "Kazakh in Latin letters"),
    ("Qasım", "Qasim", "dotless i"),
    # Cyrillic
    ("Семён", "Семен", "ё and е"),
    ("Қасым Тоқаев", "Касым Токаев", "Kazakh letters as Russian papers write them"),
    ("Лук'ян", "Лук’ян", "Ukrainian apostrophes"),
    ("Ивaнов", "Иванов", "a Latin letter that looks alike within Cyrillic"),
    ("Абд аль-Азиз", "Абдулазиз", "Abd al-X apart and joined"),
    # Hebrew
    ("ג'ון", "ג׳ון", "geresh as an apostrophe"),
    ("בן-גוריון", "בן גוריון", "maqaf or hyphen"),
    ("בן־גוריון", "בן גוריון", "maqaf"),
    ("שָׁלוֹם", "שלום", "niqqud"),
    ("חיים", "חיימ", "final letters"),
    # digits
    ("علي ٢", "علي 2", "Arabic-Indic digits"),
    ("علی ۲", "علي 2", "Persian digits"),
]


@pytest.mark.parametrize(("first", "second", "why"), ALIKE, ids=[row[2] for row in ALIKE])
def test_spelling_habits_are_taken_off(first: str, second: str, why: str) -> None:
    """Two ways of writing one name in one script have the same parts."""
    assert keys(first) == keys(second) != (), why


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Сергей", "Сергеи"),
        ("Aziz", "Abdulaziz"),
        ("حسن", "حسين"),
        ("ג'ון", "גון"),
        ("Иван", "Йван"),
        ("Elias", "Ilyas"),
    ],
)
def test_what_tells_names_apart_stays(first: str, second: str) -> None:
    """Names that differ by a letter or by Abd keep that difference."""
    assert keys(first) != keys(second)


def test_prefixes_are_said_of_the_part_they_stand_before() -> None:
    """An article and Abd are marks of their part; with nothing after them they are parts themselves."""
    first, second = parts("Abd al-Aziz al-Ghamdi")
    assert (first.text, first.abd, first.article) == ("aziz", True, False)
    assert (second.text, second.abd, second.article) == ("ghamdi", False, True)
    assert [part.text for part in parts("Al")] == ["al"]
    assert [part.text for part in parts("عبد")] == ["عبد"]
    assert [part.script for part in parts("Иван علي שלום Li 金")] == ["cyrillic", "arabic", "hebrew", "latin", "other"]


def test_whole_names_that_only_look_as_if_they_had_an_article_keep_it() -> None:
    """Elias and Alexander in Arabic letters have no article."""
    assert keys("الياس") == ("الياس",)
    assert keys("الكسندر") == ("الكسندر",)
    assert keys("الغامدي") == ("+غامدي",)


def test_lam_and_alef_turned_round_give_a_second_reading() -> None:
    """A broken PDF's spelling is offered the other way round, as "سالم" may be a name of its own; others have none."""
    assert lam_alef_restored("عالء") == "علاء"
    assert lam_alef_restored("سالم") == "سلام"
    assert lam_alef_restored("عبدهللا") == "عبدالله"
    assert lam_alef_restored("محمد") is None


@pytest.mark.parametrize(
    "names",
    [
        ("Mohammed", "Muhamad", "محمد"),
        ("Ibrahim", "Ибрагим"[:3] + "рахим", "إبراهيم", "אברהים"),
        ("Nikitin", "Никитин", "ניקיטין"),
        ("Karimov", "Каримов"),
        ("Khalid", "Halid", "خالد"),
        ("Toqaev", "Тоқаев", "Токаев"),
    ],
)
def test_a_skeleton_is_the_same_in_every_script(names: tuple[str, ...]) -> None:
    """The classes of consonants agree across scripts."""
    assert len({skeleton(keys(name)[0]) for name in names}) == 1


def test_skeleton_keys_do_not_ask_for_an_order() -> None:
    """Two parts swapped have the same keys; one part alone is its own key."""
    assert skeleton_keys(keys("Ivan Petrov")) == skeleton_keys(keys("Петров Иван"))
    assert skeleton_keys(keys("Petrov")) == {"BTRF"}
    assert skeleton_keys(()) == frozenset()


def test_golden_vectors() -> None:
    """The vectors that the phone reads too say what Python answers."""
    golden = json.loads(GOLDEN.read_text("utf-8"))
    assert len(golden["vectors"]) >= 60
    for vector in golden["vectors"]:
        found = keys(vector["name"])
        assert list(found) == vector["keys"], vector["name"]
        assert [skeleton(key) for key in found] == vector["skeletons"], vector["name"]


@given(st.text(max_size=400))
def test_no_input_breaks_it_or_grows(text: str) -> None:
    """Whatever comes in, a few short parts come out, the same again for the same text, and each has a skeleton."""
    found = keys(text)
    assert len(found) <= PARTS_MAX
    assert all(0 < len(key) <= PART_CHARS_MAX + 8 for key in found)
    assert keys(text) == found
    assert all(len(skeleton(key)) <= 2 * len(key) for key in found)
    assert len(parts(text)) == len(found)
    lam_alef_restored(text)


@given(st.text(st.sampled_from("عبدال هلا-Abd al\u200fелаאל'׳ﷺ\ud800"), max_size=300))
def test_prefixes_piled_up_do_not_break_it(text: str) -> None:
    """Articles, Abd, marks and half characters in any order give parts that have letters."""
    for key in keys(text):
        assert key.strip("+=") or key in ("+", "=")


@pytest.mark.parametrize(
    "text", ["", " ", "-", "--", "'", "\u200f", "\x00", "𝐈𝐯𝐚𝐧" * 1000, "ﷺ" * 10_000, "a" * 1_000_000, "- " * 500_000]
)
def test_extreme_inputs_answer_at_once(text: str) -> None:
    """Nothing, marks only and a million characters answer with at most what fits a name."""
    assert sum(map(len, keys(text))) <= NAME_CHARS_MAX + PARTS_MAX
