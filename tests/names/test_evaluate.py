"""The evaluation asks what it says: one name a person in the gallery, namesakes right, scores that can be checked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from corridor.base.ids import PersonId
from corridor.cli import main
from corridor.names.evaluate import Question, Trial, evaluate, trial
from corridor.names.pairs import Pair, pair_files, read_pairs
from corridor.names.reasons import Match

ROWS = {
    "ru_en": [("Иван Петров", "Ivan Petrov"), ("Ольга Смирнова", "Olga Smirnova"), ("Иван Петров", "Iwan Petrow")],
    "ar_en": [("محمد صلاح", "Mohamed Salah"), ("عمر حسن", "Omar Hassan"), ("خالد العلي", "Khaled al-Ali")],
}


class Scripted:
    """A method that answers from a table."""

    def __init__(self, answers: dict[str, list[str]]) -> None:
        self.answers = answers

    def search_many(self, queries: Sequence[str], k: int) -> list[tuple[Match, ...]]:
        """The table's answers."""
        return [
            tuple(Match(person=PersonId(n), name=n, likeness=0.5, because=()) for n in self.answers[q][:k])
            for q in queries
        ]


def pairs() -> list[Pair]:
    """The rows as pairs."""
    return [Pair(f"{kind}{n}", kind, *row) for kind, rows in ROWS.items() for n, row in enumerate(rows)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of pairs in the development format, beside files that are something else."""
    for kind, rows in ROWS.items():
        lines = ["id\tname_a\tname_b\torigin", *(f"P{kind}{n}x:{kind}\t{a}\t{b}\tx" for n, (a, b) in enumerate(rows))]
        (tmp_path / f"{kind}.tsv").write_text("\n".join(lines) + "\n", "utf-8")
    (tmp_path / "tokens_en_ru.tsv").write_text("ivan\tиван\t3\n", "utf-8")
    return tmp_path


def test_ranks_become_recalls() -> None:
    """First, third and never give recall at 1 of a third, at 10 of two thirds, and their mean reciprocal rank."""
    asked = Trial(
        ("a", "b", "c"),
        (
            Question("x", "q1", frozenset({"a"})),
            Question("x", "q2", frozenset({"b"})),
            Question("y", "q3", frozenset({"c"})),
        ),
    )
    scores = evaluate(Scripted({"q1": ["a"], "q2": ["c", "a", "b"], "q3": ["a"]}), asked, iter(range(9)).__next__)
    assert scores["all"].recall_at_1 == pytest.approx(1 / 3)
    assert scores["all"].recall_at_10 == pytest.approx(2 / 3)
    assert scores["all"].mrr == pytest.approx((1 + 1 / 3) / 3)
    assert (scores["x"].queries, scores["x"].queries_per_cpu_s) == (2, 2.0)
    assert scores["y"].recall_at_10 == 0


def test_the_query_itself_is_no_answer() -> None:
    """A gallery name spelled as the query is passed over unless a namesake bears it."""
    asked = Trial(("a", "q"), (Question("x", "q", frozenset({"a"})),))
    assert evaluate(Scripted({"q": ["q", "a"]}), asked, iter(range(9)).__next__)["all"].recall_at_1 == 1
    asked = Trial(("a", "q"), (Question("x", "q", frozenset({"q"})),))
    assert evaluate(Scripted({"q": ["q", "a"]}), asked, iter(range(9)).__next__)["all"].recall_at_1 == 1


def test_a_trial_has_one_name_a_person_and_every_answer() -> None:
    """Names are distinct, every question's right names are there, and namesakes' names are right too."""
    for seed in range(10):
        made = trial(pairs(), gallery=8, queries=20, rng=np.random.default_rng(seed))
        assert len(made.gallery) == len(set(made.gallery)) == 8  # filled up with names of other people's parts
        assert {question.kind for question in made.questions} == {"ru_en", "ar_en"}
        for question in made.questions:
            assert question.right
            assert question.right <= set(made.gallery)
        again = trial(pairs(), gallery=8, queries=20, rng=np.random.default_rng(seed))
        assert again == made


def test_a_namesake_is_right_whatever_the_case_and_marks() -> None:
    """Whoever bears the query's or the right name but for case, marks and forms of a letter is a right answer too."""
    people = [
        Pair("p1", "ar_he", "أحمد راتب", "אחמד ראטב"),
        Pair("p2", "ar_en", "احمد راتب", "AHMAD RATIB"),
        Pair("p3", "ar_en", "خالد راتب", "Khaled Ratib"),
    ]
    said = set()
    for seed in range(20):
        made = trial(people[:1], gallery=3, queries=9, rng=np.random.default_rng(seed), others=people[1:])
        (question,) = made.questions
        others = question.right - {"أحمد راتب", "אחמד ראטב"}
        assert others <= {"احمد راتب", "AHMAD RATIB"}
        assert len(question.right) == 2
        said |= others
    assert len(said) == 2


def test_files_of_pairs_are_told_from_others(folder: Path) -> None:
    """Only files with the columns of pairs are read; a broken row is told by file and number, the others go on."""
    said: list[str] = []
    assert [file.name for file in pair_files(folder)] == ["ar_en.tsv", "ru_en.tsv"]
    assert len(read_pairs(folder / "ru_en.tsv", said.append)) == 3
    assert said == []
    rows = [
        "\ufeffid\tname_a\tname_b\torigin",
        "P1\tx",
        "",
        "P2\tИван\tIvan\tx\tmore",
        "P3\t \tIvan",
        "P4:x\tОля\tOlya",
    ]
    raw = "\r\n".join(rows).encode() + "\r\nP5\tИван\tIvan\r\n".encode("cp1251")
    (folder / "bad.tsv").write_bytes(raw)
    assert [file.name for file in pair_files(folder)] == ["ar_en.tsv", "bad.tsv", "ru_en.tsv"]
    assert [pair.person for pair in read_pairs(folder / "bad.tsv", said.append)] == ["P2", "P4"]
    assert [line.split(":")[0] for line in said] == ["bad.tsv, row 2", "bad.tsv, row 5", "bad.tsv, row 7"]
    assert "UTF-8" in said[2]
    with pytest.raises(ValueError, match=r"tokens_en_ru\.tsv: the first row"):
        read_pairs(folder / "tokens_en_ru.tsv", said.append)


def test_the_shell_prints_the_scores(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`corridor names evaluate` answers one JSON object: all, then each file of pairs, with recalls and speed."""
    assert main(["names", "evaluate", str(folder), "--gallery", "40", "--queries", "20", "--json"]) == 0
    scores = json.loads(capsys.readouterr().out)
    assert list(scores) == ["all", "ar_en", "ru_en"]
    for score in scores.values():
        assert {"recall_at_1", "recall_at_10", "mrr", "queries_per_cpu_s"} <= set(score)
        assert 0 <= score["recall_at_1"] <= score["mrr"] <= score["recall_at_10"] <= 1
    assert scores["all"]["recall_at_10"] == 1
    assert main(["names", "evaluate", str(folder), "--gallery", "40", "--queries", "20"]) == 0
    assert "recall@10" in capsys.readouterr().out


def test_the_shell_finds_a_person_and_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`corridor names QUERY --in FILE` reads a table with its own headers and shows matches with reasons."""
    table = tmp_path / "people.csv"
    table.write_text("№;ФИО\n7;Соловьёв Владимир Ильич\n8;Mohamed Salah\n", "utf-8")
    assert main(["names", "Vladimir Soloviev", "--in", str(table)]) == 0
    shown = capsys.readouterr().out
    assert "Соловьёв Владимир Ильич" in shown.splitlines()[0]
    assert "patronymic missing" in shown
    assert main(["names", "محمد صلاح", "--in", str(table), "--json", "-k", "1"]) == 0
    (match,) = json.loads(capsys.readouterr().out)
    assert match["name"] == "Mohamed Salah"
    assert match["because"][0]["says"] == "same sound across scripts"


@pytest.mark.parametrize(
    ("given", "code", "says"),
    [
        (["names", "Ivan"], 2, "--in"),
        (["names", "Ivan", "Petrov"], 2, "quotes"),
        (["names", "evaluate", "/nowhere-there"], 2, "no folder"),
        (["names", "Ivan", "--in", "/nowhere-there.csv"], 2, "cannot be read"),
        (["names", "Ivan", "--in", "x.csv", "-k", "0"], 2, "not a number"),
    ],
)
def test_the_shell_says_what_is_wrong(
    given: list[str], code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Arguments that cannot be understood give exit code 2 and what to do."""
    assert main(given) == code
    assert says in capsys.readouterr().err
