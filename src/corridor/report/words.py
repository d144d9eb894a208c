"""How a report says something in a language: its texts, its plurals, its numbers and times."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from corridor.base.moments import Moment, datetime_of

LANGUAGES = ("en", "ru", "ar")
"""Languages that reports are written in; each has a file of texts with the same keys."""


def plural_form(language: str, number: int) -> str:
    """Which plural form a whole number takes (source: Unicode CLDR, plural rules for cardinals)."""
    number = abs(number)
    tens, hundreds = number % 10, number % 100
    if language == "ru":
        if tens == 1 and hundreds != 11:
            return "one"
        return "few" if 2 <= tens <= 4 and not 12 <= hundreds <= 14 else "many"
    if language == "ar":
        if number <= 2:
            return ("zero", "one", "two")[number]
        return "few" if 3 <= hundreds <= 10 else "many" if hundreds >= 11 else "other"
    return "one" if number == 1 else "other"


PLURAL_FORMS: Mapping[str, tuple[str, ...]] = {
    "en": ("one", "other"),
    "ru": ("one", "few", "many"),
    "ar": ("zero", "one", "two", "few", "many", "other"),
}
"""Every form a language's plural texts must give."""


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one language. A key that has no text is a mistake of the program: KeyError."""

    language: str
    texts: Mapping[str, Any]

    def say(self, key: str, **facts: object) -> str:
        """The text of a key (`part.name`) with its facts filled in."""
        text = self._at(key)
        assert isinstance(text, str), f"{key} is a plural text"
        return text.format(**facts)

    def count(self, key: str, number: int, **facts: object) -> str:
        """The text of a plural key for a number; the text may use {n}."""
        return str(self._at(key)[plural_form(self.language, number)]).format(n=self.number(number), **facts)

    def has(self, key: str) -> bool:
        """Whether there is a text for this key."""
        try:
            self._at(key)
        except KeyError:
            return False
        return True

    def number(self, number: int) -> str:
        """A whole number with its thousands apart, as the language writes it."""
        text = f"{number:,}"
        return text.replace(",", "\N{NO-BREAK SPACE}") if self.language == "ru" else text

    def change(self, number: int) -> str:
        """A change with its sign; nothing changed is said in words."""
        if number == 0:
            return self.say("change.none")
        return ("+" if number > 0 else "\N{MINUS SIGN}") + self.number(abs(number))

    def time(self, moment: Moment, zone: str) -> str:
        """An instant for people: the operation's own time first, UTC in brackets unless it is the same."""
        local = datetime_of(moment, zone)
        text = local.strftime("%Y-%m-%d %H:%M")
        if local.utcoffset() == datetime_of(moment).utcoffset():
            return f"{text} UTC"
        utc = datetime_of(moment)
        shown = utc.strftime("%H:%M" if utc.date() == local.date() else "%Y-%m-%d %H:%M")
        return f"{text} {local.strftime('%Z')} ({shown} UTC)"

    def _at(self, key: str) -> Any:
        part: Any = self.texts
        for name in key.split("."):
            part = part[name]
        return part


@cache
def words(language: str) -> Words:
    """The texts of a language. Raises KeyError when reports are not written in it."""
    if language not in LANGUAGES:
        raise KeyError(language)
    text = files("corridor.report").joinpath("locale", f"{language}.toml").read_text(encoding="utf-8")
    return Words(language, tomllib.loads(text))
