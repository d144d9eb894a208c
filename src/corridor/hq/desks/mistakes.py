"""What is wrong with an operation file, in the reader's language, by the sentences that its reader makes."""

from __future__ import annotations

from dataclasses import dataclass

from corridor.base.operation_file import OperationError
from corridor.hq.desks.cells import facts_of, translated

SAYS = (
    "The file is larger than {number} bytes.",
    "Line {number} is not UTF-8 text.",
    "Brackets are nested too deeply to be an operation.",
    "The file is not TOML: {why}.",
    "There is no {named} in {section}.",
    "The key {named} is not known here.",
    "This key is missing.",
    "This is {found} only.",
    "This is {found}.",
    "The id {named} is already used by {other}.",
    "The list is empty.",
    "{named} is in the list twice.",
    "{named} is not one of the words allowed here.",
    "{named} is not one of the operation's languages.",
    "{named} has no hour.",
    "{named} is not a time.",
    "{named} is not between the years 2000 and 2200.",
    "{number} is not between {low} and {high}.",
    "The text is empty.",
    "{named} is longer than a line.",
    "{named} cannot be an id.",
    "{named} is not a time zone.",
    "{named} is not a country code.",
    "{named} is not a language code.",
    "Only one of latitude and longitude is given.",
    "Only one of opens and closes is given.",
    "It opens and closes at the same time.",
    "{number} authorities are needed but only {most} are named.",
    "The rule asks for no escort.",
    "It counts without a ratio.",
    "{place} has escorts of the role {named} already.",
    "A {kind} device stands somewhere.",
    "A {kind} has a partner.",
    "A {kind} has no partner.",
    "The leg goes from {named} to itself.",
    "The least possible, {least} minutes, is more than the usual {number}.",
    "The condition asks nothing.",
    "The operation ends before it starts.",
    "There is no device of headquarters.",
    "No place has the role {named}.",
    "No legs lead from an origin to {named}.",
    "The leg {named} has a rule already.",
    "No leg is travelled by {mode}.",
    "The leg {named} is travelled by {mode}, the fleet by {other}.",
    "The partners' shares of the seats add up to {number} percent.",
)
"""What is said of a mistake; a fact in braces is what the file holds."""

REMEDIES = (
    "Keep people and events out of the operation file.",
    "Save the file with encoding UTF-8.",
    "Remove the nested brackets.",
    "Correct the line; texts stand in quotes, see docs/reference/operation-file.md.",
    "Did you mean {named}?",
    "Add it to languages; they are {known}.",
    "Add it to {section}; there are {known}.",
    "Keys are {known}.",
    "Choose one of {known}.",
    "An example is {known}.",
    "Add {key}: {wanted}.",
    "Write at most {number} letters.",
    "Write at most {number}, or name more.",
    "Write three capital letters as passports do, e.g. EGY.",
    "Write two small letters, e.g. 'ar'.",
    "Write the fastest anyone could be.",
    "Write [[{key}]] above each of them.",
    "Write a list: [{wanted}, ...].",
    "Write {wanted}.",
    "Give each its own id.",
    "Name at least one: {wanted}.",
    "Remove one of them.",
    "Correct the year.",
    "Correct the number.",
    "Use a-z, 0-9, '-', '_' and '.', at most {number} of them, e.g. 'rafah' or 'gate-1'.",
    "Give both or none.",
    "Leave both out for a station that is always open.",
    "Give at_least or per_persons.",
    "Give per_persons, or leave counted out.",
    "Make them one, with the number of both.",
    "Give its place.",
    "Give partner to a partner_liaison, and to nobody else.",
    "Correct its target.",
    "Remove it; a category without conditions takes everybody.",
    "Correct one of the two times.",
    'Add a device with kind = "headquarters": what is decided there is recorded too.',
    "Give the place where people are in danger that role.",
    "Give the place where people are received that role.",
    "Add a leg with target = {named}, or remove the place.",
    "Keep one rule a leg; authorities that count for some citizenships only say so themselves.",
    "Correct the fleet's mode, or that of its leg.",
    "Name only legs of the fleet's mode.",
    "Lower them to 100 percent together.",
)
"""What is said to do about it."""

FOUND = (
    "a text ({value})",
    "a whole number ({value})",
    "a decimal number ({value})",
    "a date and time ({value})",
    "a date ({value})",
    "a time of day ({value})",
    "a list",
    "a table",
    "true, yes or no",
    "false, yes or no",
)
"""What a value of the file can be."""

WANTED = (
    "one of {known}",
    "a list of {wanted}",
    "a table with {known}",
    'a name by language, e.g. {{ en = "Rafah" }}',
    'a name by language, e.g. {{ en = "Rafah", ar = "..." }}',
    "a text in quotes",
    "a whole number",
    "a number, e.g. 31.25",
    "true or false",
    'a time of day, e.g. "07:00"',
    "a time with its zone, e.g. 2023-11-12T08:00:00+02:00",
)
"""What a value should have been."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong with a file: the path to the key, what is wrong, and one thing to do."""

    key: str
    says: str
    remedy: str


def told(error: OperationError) -> Mistake:
    """A mistake in the reader's language; what the file itself holds stays as it is there."""
    return Mistake(error.key, _said(error.says, SAYS), _said(error.remedy, REMEDIES))


def _said(text: str, templates: tuple[str, ...]) -> str:
    """A sentence with the phrases in it turned too."""
    facts = facts_of(text, templates)
    for name, phrases in (("found", FOUND), ("wanted", WANTED)):
        if name in facts:
            facts = facts | {name: _said(facts[name], phrases)}
    return translated(text, templates, facts)
