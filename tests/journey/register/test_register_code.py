"""The code of a wristband: it reads back, and a slip, another operation's code and anything else is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.base.ids import PersonId
from corridor.base.refusal import Refusal
from corridor.journey.register.code import code_of, read_code


@given(person=st.from_regex(r"[a-z0-9][a-z0-9._-]{0,40}", fullmatch=True))
def test_a_code_reads_back(person: str) -> None:
    """Whatever the id, in either case of the letters of prefix and check, and with blanks around."""
    code = code_of("gaza-2023", PersonId(person))
    assert read_code("gaza-2023", f" {code}\n") == person
    assert read_code("gaza-2023", "c1" + code[2:-4] + code[-4:].lower()) == person


@pytest.mark.parametrize(
    ("operation", "text", "refused"),
    [
        ("gaza-2023", "", "not_a_code"),
        ("gaza-2023", "p12345", "not_a_code"),
        ("gaza-2023", "C1:", "not_a_code"),
        ("gaza-2023", "X1:p12345:AAAA", "not_a_code"),
        ("gaza-2023", code_of("gaza-2023", PersonId("p12345")).replace("p12345", "p12354"), "code_of_another"),
        ("another", code_of("gaza-2023", PersonId("p12345")), "code_of_another"),
        ("gaza-2023", "C1:p12345:", "code_of_another"),
    ],
)
def test_what_is_no_code_of_this_operation(operation: str, text: str, refused: str) -> None:
    """A slip in the id, another operation, no check, no code at all."""
    answer = read_code(operation, text)
    assert isinstance(answer, Refusal) and answer.code == refused
