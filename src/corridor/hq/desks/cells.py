"""What is said of a bad cell of an imported table in languages in which the reader of tables does not speak itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext as _

from corridor.base.sheets.model import BadCell

SAYS = (
    "has no name",
    "is not a name: it has no letter",
    "is too long for a name",
    "is not a sex",
    "is no country that is known",
    "holds {part}, which is no country that is known",
    "is no type of document that is known",
    "was shortened by a spreadsheet, its digits are lost",
    "is not a document number",
    "is too long for one document number",
    "is not a telephone number",
    "is not a mail address",
    "is not a whole number",
    "is neither yes nor no",
    "is not a date",
    "is a day that does not exist",
    "is not a day",
    "looks like a date of the Hijri calendar",
    "is after {day}, the day of the table",
    "would make the person more than {years} years old",
    "is a bare number",
    "is not an age",
    "is not an age in months",
    "is not between 2000 and 2100",
    "can also be read as another date",
    "has characters that could not be read",
    "says the same as {counts} {row}; both are taken",
    "has {number} characters",
    "has {number} columns",
    "a quote opens here and is not closed",
    "the line cannot be read ({error})",
    "is a formula without a result",
    "is the spreadsheet error {value}",
    "the key {key} comes twice",
    "is not a JSON object",
    "cannot be kept as text ({error})",
    "has a zone that is not known: {zone}",
    "brings more keys than a table may have",
)
"""What is wrong, as `corridor.base.sheets` says it of tables of people and lists; facts in braces."""

REMEDIES = (
    "Write the person's name",
    "Write the name",
    "Keep a name under {most} characters",
    "Write m or f, or leave the cell empty",
    "Did you mean {codes}? Write the country's name or its three-letter code",
    "Write the country's name or its three-letter code",
    "Write one of {words}",
    "Format the column as text and write it again",
    "Write the number with its letters and digits",
    "Write one number here and the others in the remark",
    "Write it with the code of the country, like +20 100 000 0000",
    "Write it like name@example.org",
    "Write digits only",
    "Write yes or no",
    "Write it like 2015-03-01 or 01.03.2015, or only the year",
    "Write it like 2028-03-01 or 01.03.2028",
    "Write it like 2015-03-01, or choose the order of day and month",
    "Write it in the Gregorian calendar",
    'Write a date, a year, or an age like "age 7"',
    "Write the age in years",
    "Correct the day, month or year",
    "Correct the date of birth",
    "Correct the year of birth",
    "Correct the date",
    "Correct them from the original",
    "Take one out if it stands there twice by mistake",
    "Keep a cell under {most} characters",
    "Keep a value under {most} characters",
    "Keep a table under {most} columns",
    "Keep it under {most} different keys",
    "Close the quote or take it out",
    "Correct the quotes of this line",
    "Open and save the file in a spreadsheet, or write the value",
    "Correct the formula or write the value",
    "Write a shorter or flatter value",
    "Write the zone as an offset such as +02:00, or Z",
    "Write one JSON object here, with each key once",
)
"""What to do about it."""

READ_AS = (
    "CSV, {encoding}, columns parted by {mark} ({how})",
    "JSON array of objects, {encoding}",
    "JSON lines, {encoding}",
)
"""How the bytes of a file were read."""
ENCODINGS = (
    "{name} (it starts with its mark)",
    "{name} (every other byte is 0)",
    "{name} (every byte fits)",
    "{name} (all but {number} characters fit)",
    "{name} (not UTF-8; its letters make {script} words)",
    "{name} (not UTF-8; single accents in Latin words)",
)
MARKS = ("comma", "semicolon", "tab", "bar")
HOW = ("stated in the first line", "it gives the best columns", "by default")
SCRIPTS = ("Arabic", "Cyrillic")
PHRASES = {"encoding": ENCODINGS, "mark": MARKS, "how": HOW, "script": SCRIPTS}
"""What the facts of those sentences can be, each again a sentence or a word of ours."""


def read_as_said(read_as: str) -> str:
    """How a file was read, in the reader's language."""
    return _whole(read_as, READ_AS)


def _whole(text: str, templates: tuple[str, ...]) -> str:
    facts = facts_of(text, templates)
    turned = {name: _whole(fact, PHRASES[name]) if name in PHRASES else fact for name, fact in facts.items()}
    return translated(text, templates, turned)


def cell_said(bad: BadCell) -> str:
    """A bad cell in the reader's language: where it stands, what it holds, what is wrong, what to do."""
    if (get_language() or "en") == "en":
        return str(bad)
    where = [bad.file, *([bad.sheet] if bad.sheet is not None else []), _("row %(number)s") % {"number": bad.row}]
    if bad.column or bad.header:
        where.append(_("column %(name)s") % {"name": f"{bad.column} {bad.header}".strip()})
    held = f" «{' '.join(bad.value.split())[:80]}»" if bad.value else ""
    return f"{' · '.join(where)}:{held} {translated(bad.says, SAYS)}. {translated(bad.remedy, REMEDIES)}."


def translated(
    text: str,
    templates: tuple[str, ...],
    facts: Mapping[str, str] | None = None,
    in_language: Callable[[str], str] = gettext,
) -> str:
    """An English sentence in the reader's language by the first template that it was made from, with its facts (or with
    these in their place); as it is when none fits."""
    for template in templates:
        made = _shape(template).fullmatch(text)
        if made is not None:
            return in_language(template).format(**(facts if facts is not None else made.groupdict()))
    return text


def facts_of(text: str, templates: tuple[str, ...]) -> dict[str, str]:
    """The facts of an English sentence by the first template that it was made from; none when none fits."""
    made = next(filter(None, (_shape(template).fullmatch(text) for template in templates)), None)
    return {} if made is None else made.groupdict()


@cache
def _shape(template: str) -> re.Pattern[str]:
    parts = re.split(r"(?<!\{)\{(\w+)\}", template)
    plain = (part.replace("{{", "{").replace("}}", "}") for part in parts)
    turned = (f"(?P<{part}>.+?)" if number % 2 else re.escape(part) for number, part in enumerate(plain))
    return re.compile("".join(turned), re.DOTALL)
