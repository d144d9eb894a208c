"""The glossary and the code use the same words, and nothing in the code is called by a word that is not used."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

from tests.docs.transcripts import TREE

from corridor.journey.catalogue import KINDS, LEDGER_KINDS
from corridor.journey.kinds import STAGES
from corridor.ledger.accounts import ENDS

GLOSSARY = (TREE / "docs" / "reference" / "glossary.md").read_text(encoding="utf-8")
WORDS, NOT_USED = GLOSSARY.split("## Words that are not used")


def rows(text: str) -> list[list[str]]:
    """The cells of every row of every table, headings and rules left out."""
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("| ")]
    return [row for row in cells if row[0] not in ("word", "not")]


@cache
def identifiers() -> frozenset[str]:
    """Every name that the program gives to classes, functions, arguments, variables, modules and kinds of event."""
    found: set[str] = set()
    for path in (TREE / "src" / "corridor").rglob("*.py"):
        found.update((path.stem, path.parent.name))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found.update(_given(node))
    return frozenset(found) | KINDS.keys() | LEDGER_KINDS.keys() | set(ENDS)


def _given(node: ast.AST) -> Iterator[str]:
    """The names that a piece of code gives; a name that it only uses may be another library's."""
    if isinstance(node, ast.keyword) or isinstance(getattr(node, "ctx", None), ast.Load):
        return
    for part in ("name", "id", "attr", "arg", "asname"):
        name = getattr(node, part, None)
        if isinstance(name, str):
            yield from name.split(".")


def apart(identifier: str) -> str:
    """The words of an identifier with spaces: `PassengerList` and `passenger_list` are `passenger list`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", identifier).lower().replace("_", " ").strip()


def called_wrongly(names: frozenset[str]) -> list[str]:
    """Every identifier that holds a word that is not used."""
    banned = [word.strip() for row in rows(NOT_USED) for word in row[0].split(",")]
    pattern = re.compile(rf"\b(?:{'|'.join(banned)})s?\b")
    return sorted(name for name in names if pattern.search(apart(name)))


def test_every_word_is_in_the_code() -> None:
    """The name that a row gives is a name of the program."""
    missing = [row[0] for row in rows(WORDS) if row[2].strip("`") not in identifiers() and not _quoted(row[2])]
    assert missing == []


def _quoted(name: str) -> bool:
    """Whether the name is a word of a closed list, which the code writes as text."""
    text = name.strip("`")
    return any(f'"{text}"' in path.read_text(encoding="utf-8") for path in (TREE / "src" / "corridor").rglob("*.py"))


def test_a_word_has_one_meaning() -> None:
    """No word stands twice."""
    words = [row[0] for row in rows(WORDS)]
    assert sorted(words) == sorted(set(words))
    assert all(len(row) == 3 and all(row) for row in rows(WORDS))


def test_stages_ends_and_accounts_are_explained() -> None:
    """The words that the program shows everywhere are in the glossary."""
    words = {row[0] for row in rows(WORDS)}
    assert {*STAGES, *(end.replace("_", " ") for end in ENDS), "outside", "place", "aboard", "end", "suspense"} <= words


def test_nouns_of_events_are_explained() -> None:
    """What an event is about (a hold, a permit, seats) stands in the glossary; verbs alone explain themselves."""
    words = set(re.findall(r"[a-z]+", " ".join(" ".join(row[:2]) for row in rows(WORDS)).lower()))
    lacking = [
        kind
        for kind in (*KINDS, *LEDGER_KINDS)
        if "_" in kind and not words & {form for part in kind.split("_") for form in (part, part.removesuffix("s"))}
    ]
    assert lacking == []


def test_nothing_is_called_by_a_word_that_is_not_used() -> None:
    """In classes, functions, arguments, variables, attributes and modules."""
    assert called_wrongly(identifiers()) == []


def test_a_wrong_word_is_noticed() -> None:
    """Written together or apart, in one or many; a longer word that holds it is another word."""
    wrong = frozenset(("PassengerList", "family_unit", "evacuees", "last_voyage"))
    assert called_wrongly(wrong) == sorted(wrong)
    assert called_wrongly(frozenset(("strip", "Manifest", "party_of", "victimless"))) == []
