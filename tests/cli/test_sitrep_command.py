"""`corridor sitrep` says the figures in words and for machines."""

from __future__ import annotations

import pytest
from tests.cli.conftest import Run

MORNING = "2023-11-17 05:00 UTC"
NEEDED = {"registered", "out", "received", "staging", "on_the_way", "applications_open", "suspense"}


def test_json_has_every_figure_with_its_facts(run: Run, gaza: str) -> None:
    """Each figure has code, value, definition, source and both times; the seven codes that are asked for are there."""
    answer = run("sitrep", "--operation", gaza, "--at", MORNING, "--known", "2023-11-18", "--json").json
    assert {figure["code"] for figure in answer["figures"]} >= NEEDED
    for figure in answer["figures"]:
        assert figure.keys() >= {"code", "value", "definition", "source", "at", "known"}
        assert (figure["at"], figure["known"]) == ("2023-11-17T05:00:00Z", "2023-11-18T20:59:59.999Z")
        assert isinstance(figure["value"], int)
        assert figure["definition"]
        assert "gaza-2023" in figure["source"]
    changes = {code: change["change"] for code, change in answer["changes"].items()}
    assert changes["received"] == 120
    assert changes["out"] == 12


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "328 left the danger = 288 received + 28 at the staging headquarters + 12 on the way."),
        ("ru", "Вышли из опасной зоны: 328 = 288 (приняты) + 28 (в штабе сосредоточения) + 12 (в пути)."),
        ("ar", "328 خرجوا من منطقة الخطر = 288 استُقبلوا + 28 في مقر التجمع + 12 في الطريق."),
    ],
)
def test_text_says_the_sum(run: Run, gaza: str, language: str, sentence: str) -> None:
    """The report opens with who has left and where they are, in the language asked for."""
    ran = run("sitrep", "--operation", gaza, "--at", MORNING, "--lang", language)
    assert ran.code == 0
    assert sentence in ran.out
    assert "887" in ran.out


def test_a_language_that_is_not_written(run: Run, gaza: str) -> None:
    """Another language is a usage error that names those there are."""
    ran = run("sitrep", "--operation", gaza, "--lang", "la")
    assert ran.code == 2
    assert "'en', 'ru', 'ar'" in ran.err or "en, ru, ar" in ran.err
