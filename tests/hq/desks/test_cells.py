"""What is wrong with a cell of an imported table is said in the reader's language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import override
from tests.base import test_operation_file as of_files
from tests.hq.desks.conftest import SignIn

from corridor.base import sheets
from corridor.base.operation import Operation
from corridor.base.operation_example import example_text
from corridor.base.operation_file import OperationError, read_operation
from corridor.base.sheets.model import BadCell, Fault
from corridor.base.sheets.values import parse_citizenships, parse_name
from corridor.hq.desks.cells import REMEDIES, SAYS, cell_said, translated
from corridor.hq.desks.mistakes import Mistake, told

OF_EVENTS = frozenset(
    ("parse_id", "parse_ids", "parse_kind", "parse_body", "parse_moment", "_read", "_event", "event_rows")
)
"""What reads tables of events, which come by the shell in English."""


def faults() -> Iterator[tuple[str, str]]:
    """Every sentence about a cell, and its remedy, that the reader of tables of people and lists holds as text."""
    for path in Path(sheets.__file__).parent.rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text())):
            if not isinstance(function, ast.FunctionDef) or function.name in OF_EVENTS:
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Fault" and len(node.args) == 2:
                    says, remedy = (shape(one) for one in node.args)
                    if says is not None and remedy is not None:
                        yield says, remedy


def shape(node: ast.expr) -> str | None:
    """A text with X for each fact in it; None when it is not written there."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else "X" for one in node.values)
    return None


def bad(fault: Fault) -> BadCell:
    """A cell with this fault."""
    return BadCell(
        file="list.csv", sheet=None, row=7, counts="row", column="B", header="name", value="?", says=fault.says,
        remedy=fault.remedy,
    )  # fmt: skip


def test_every_fault_of_a_list_has_its_sentence() -> None:
    """A sentence that the reader of tables gains must be said in other languages, too."""
    found = set(faults())
    assert len(found) > 20
    known = [{re.sub(r"{\w+}", "X", one) for one in texts} for texts in (SAYS, REMEDIES)]
    lacking = [(says, remedy) for says, remedy in found if says not in known[0] or remedy not in known[1]]
    assert not [one for one in lacking if "JSON" not in one[0] and "Xis no country" not in one[0]]


def test_a_bad_cell_is_said_with_its_place_its_facts_and_its_remedy(as_role: SignIn) -> None:
    """File, row, column and what was written stay; what is wrong and what to do are in the language; English is as it
    always was, and a sentence of no kind stays as it is."""
    as_role("list_officer")
    _codes, (country,) = parse_citizenships("Narnia, RUS")
    nameless = parse_name("?")
    assert isinstance(nameless, Fault)
    for language, says in (("ru", "не имя"), ("ar", "ليس اسماً")):
        with override(language):
            text, of_country = cell_said(bad(nameless)), cell_said(bad(country))
        assert says in text and "list.csv" in text and "7" in text and "B name" in text
        assert nameless.says not in text and nameless.remedy not in text
        assert "Narnia" in of_country and "country" not in of_country and "Write" not in of_country
    with override("en"):
        assert cell_said(bad(nameless)) == str(bad(nameless))
    assert translated("something new", SAYS) == "something new"


def mistakes_of_files() -> Iterator[OperationError]:
    """Every mistake that the tests of the operation file know how to make."""
    (mark,) = of_files.test_each_mistake_has_its_own_answer.pytestmark  # type: ignore[attr-defined]
    contents: list[str | bytes] = [example_text().replace(old, new, 1) for old, new, *_ in mark.args[1]]
    (mark,) = of_files.test_what_is_no_operation_at_all.pytestmark  # type: ignore[attr-defined]
    contents += [content for content, _says in mark.args[1]]
    for content in contents:
        answer = read_operation(content)
        assert not isinstance(answer, Operation)
        yield from answer


def test_every_mistake_of_a_file_has_its_sentence(django: None) -> None:
    """What is wrong with an operation file, and what to do, is said in Russian and Arabic with the file's own words."""
    found = list(mistakes_of_files())
    assert len({one.says for one in found}) > 40
    for language in ("ru", "ar"):
        with override(language):
            said = [(one, told(one)) for one in found]
        english = [one for one, mistake in said if one.says == mistake.says or one.remedy == mistake.remedy]
        assert not english
    with override("ru"):
        says, remedy = "This is a whole number (7).", "Write a list: [a text in quotes, ...]."
        wrong = told(OperationError(file="f", key="languages", says=says, remedy=remedy))
    russian = "Здесь стоит целое число (7).", "Напишите список: [текст в кавычках, ...]."
    assert wrong == Mistake("languages", *russian)
