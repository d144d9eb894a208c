"""Every text of the pages is there in Russian and Arabic, with all plural forms and the same facts."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import polib
import pytest

from corridor.base.operation import Mode, PlaceRole
from corridor.hq import texts
from corridor.hq.desks import cells, mistakes, reasons
from corridor.hq.desks.refusals import catalogue
from corridor.journey import kinds
from corridor.journey.board.blocks import CATALOGUE as BLOCKS
from corridor.journey.catalogue import KINDS, LEDGER_KINDS
from corridor.journey.reconcile.open import FINDING_KINDS
from corridor.ledger.book.discrepancies import REMEDIES, SAYS
from corridor.ledger.intake import IGNORED

HQ = Path(texts.__file__).parent
CALLS = {"_": 1, "gettext": 1, "late": 1, "ngettext": 2, "pgettext": 2}
TRANSLATE = re.compile(r"{%-?\s*translate\s+(\"[^\"]*\"|'[^']*')")
BLOCK = re.compile(r"{%\s*blocktranslate([^%]*)%}(.*?){%\s*endblocktranslate\s*%}", re.DOTALL)
PLURAL = re.compile(r"{%\s*plural\s*%}")
FACT = re.compile(r"%\((\w+)\)[sd]|{(\w+)}")
PLURAL_FORMS = {"ru": 3, "ar": 6}

READ_BY = ("read_names", "read_identities", "read_as_one", "everyone", "guests", "see_persons", "told_people")
"""What reads identities and logs why."""

Text = tuple[str, str]  # the text, and its plural or ''


def of_modules() -> Iterator[Text]:
    """Texts that the modules hand to gettext."""
    for path in HQ.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            name = getattr(getattr(node, "func", None), "id", "")
            if name in CALLS and name != "pgettext" and isinstance(node, ast.Call):
                plain = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
                if plain:
                    yield (str(plain[0]), str(plain[1]) if name == "ngettext" else "")


def of_templates() -> Iterator[Text]:
    """Texts that the templates mark."""
    for path in (HQ / "templates").rglob("*.html"):
        source = path.read_text()
        yield from ((found[1:-1], "") for found in TRANSLATE.findall(source))
        for _, text in BLOCK.findall(source):
            one, *many = PLURAL.split(re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", text))
            yield (one, many[0] if many else "")


def of_timelines() -> Iterator[Text]:
    """What timelines say, kind by kind."""
    yield from ((kind.says, "") for kind in KINDS.values())
    yield from ((text, "") for text in LEDGER_KINDS.values())


def of_answers() -> Iterator[Text]:
    """What the door and the rules say: every refusal, every finding, and the book's own discrepancies."""
    yield from ((text, "") for kind in catalogue() for text in (kind.says, kind.remedy))
    yield from ((text, "") for _, kind in FINDING_KINDS.values() for text in (kind.says, kind.remedy))
    yield from ((text, "") for text in (*SAYS.values(), *REMEDIES.values(), *IGNORED))


def of_cells() -> Iterator[Text]:
    """What is said of bad cells of imported tables, and of mistakes in an operation file."""
    yield from ((text, "") for text in (*cells.SAYS, *cells.REMEDIES))
    of_bytes = (cells.READ_AS, cells.ENCODINGS, cells.MARKS, cells.HOW, cells.SCRIPTS)
    yield from ((text, "") for texts_of in of_bytes for text in texts_of)
    of_files = (*mistakes.SAYS, *mistakes.REMEDIES, *mistakes.FOUND, *mistakes.WANTED)
    yield from ((text, "") for text in of_files)


def of_blocks() -> Iterator[Text]:
    """What can stand in somebody's way."""
    yield from ((kind.says, "") for kind in BLOCKS)


def wanted() -> set[Text]:
    """Every text a page may show."""
    return {*of_modules(), *of_templates(), *of_timelines(), *of_answers(), *of_blocks(), *of_cells()}


@pytest.fixture(params=sorted(PLURAL_FORMS))
def translated(request: pytest.FixtureRequest) -> polib.POFile:
    """The texts of one language."""
    return texts.merged(request.param)


def test_every_text_is_translated(translated: polib.POFile) -> None:
    """No page falls back to English."""
    there = {(entry.msgid, entry.msgid_plural) for entry in translated if entry.translated()}
    assert not sorted(wanted() - there)


def test_no_text_is_left_over(translated: polib.POFile) -> None:
    """A text that no page says any more is taken out."""
    there = {(entry.msgid, entry.msgid_plural) for entry in translated if not entry.msgctxt}
    assert not sorted(there - wanted())


def test_plurals_have_every_form(translated: polib.POFile) -> None:
    """Russian has three forms and Arabic six; a missing one would fall back to English for some numbers only."""
    forms = PLURAL_FORMS[translated.metadata["Language"]]
    assert f"nplurals={forms};" in translated.metadata["Plural-Forms"]
    plurals = [entry for entry in translated if entry.msgid_plural]
    assert plurals
    for entry in plurals:
        assert sorted(entry.msgstr_plural) == list(range(forms)), entry.msgid
        assert all(entry.msgstr_plural.values()), entry.msgid


def test_facts_are_the_same(translated: polib.POFile) -> None:
    """A translation fills in the facts of the English text and no others."""
    for entry in translated:
        known = {name for found in FACT.findall(entry.msgid + entry.msgid_plural) for name in found}
        for text in (entry.msgstr, *entry.msgstr_plural.values()):
            assert {name for found in FACT.findall(text) for name in found} <= known, entry.msgid


def test_words_of_closed_lists_are_translated(translated: polib.POFile) -> None:
    """Stages, roles of places and modes of legs are on every page, so each has its word."""
    words = {entry.msgid for entry in translated if entry.msgctxt == "word" and entry.translated()}
    assert not {*kinds.STAGES, *get_args(PlaceRole), *get_args(Mode), *FINDING_KINDS, *REMEDIES} - words


def test_texts_are_made_ready_without_gettext(tmp_path: Path) -> None:
    """The compiled texts are written once, and again only when a source is younger."""
    made = texts.made_ready(tmp_path) / "ar" / "LC_MESSAGES" / "django.mo"
    assert polib.mofile(str(made)).find("Sign in") is not None
    written = made.stat().st_mtime_ns
    texts.made_ready(tmp_path)
    assert made.stat().st_mtime_ns == written
    made.write_bytes(b"old")
    os.utime(made, (1, 1))
    texts.made_ready(tmp_path)
    assert polib.mofile(str(made)).find("Sign in") is not None


def reasons_given() -> Iterator[str]:
    """Every reason for a reading that a page writes, with a mark for each fact in it."""
    for path in HQ.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
            if name not in READ_BY:
                continue
            for keyword in node.keywords:  # type: ignore[attr-defined]
                if keyword.arg == "why" and isinstance(keyword.value, ast.Constant):
                    yield str(keyword.value.value)
                elif keyword.arg == "why" and isinstance(keyword.value, ast.JoinedStr):
                    texts = keyword.value.values
                    yield "".join(str(one.value) if isinstance(one, ast.Constant) else "\0" for one in texts)


def test_every_reason_of_a_reading_is_translated(translated: polib.POFile) -> None:
    """The audit says why somebody was read in the reader's language, whichever page read."""
    known = {re.sub(r"{\w+}", "\0", one) for one in reasons.REASONS}
    given = set(reasons_given())
    assert len(given) > 40 and not given - known
    said = {entry.msgid for entry in translated if entry.msgctxt == reasons.CONTEXT and entry.translated()}
    assert said == set(reasons.REASONS)
