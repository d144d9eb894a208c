"""What differs between two operation files, in words: which entry, which of its keys, what stood there, what stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from corridor.base.operation import name_in
from corridor.hq.desks.operation.draft import TOP
from corridor.hq.desks.operation.labels import key_title

NOTHING = "–"
NAMED_IN = {
    "place": "places",
    "source": "places",
    "target": "places",
    "starts_at": "places",
    "for_leg": "legs",
    "legs": "legs",
    "of": "authorities",
    "partner": "partners",
}
"""Where the things stand that a key names by id."""
_AS_WRITTEN = frozenset({"id", "name", "kind_of_vehicle", "zone", "as_of_zone"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference. `entry` is '' for keys in no list; `key` is '' for an entry that was added or removed."""

    does: Literal["added", "removed", "changed"]
    section: str
    entry: str
    key: str
    before: str
    after: str
    path: str


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    """Everything that differs, in the order of the file as it was, what is new after it.

    Entries of a list are the same when they have the same id, or for rules the same leg; where neither has one, the
    same turn.
    """
    found: list[Difference] = []
    for name in [*before, *(name for name in after if name not in before)]:
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if _is_list(old) or _is_list(new):
            found += _of_list(name, old or [], new or [], before, after)
        elif isinstance(old, dict) and isinstance(new, dict) and name != "titles":
            found += _of_entry(name, "", name, old, new, before, after)
        else:
            section = name if isinstance(old or new, dict) and name != "titles" else TOP
            found += _of_entry(section, "", "", {name: old}, {name: new}, before, after)
    return found


def entry_title(section: str, entry: Mapping[str, Any], whole: Mapping[str, Any]) -> str:
    """What to call one entry of a list: by its name, by the ends of a leg, by the leg of a rule, else by its id."""
    if section == "legs":
        return f"{named('places', entry.get('source'), whole)} – {named('places', entry.get('target'), whole)}"
    if section == "clearance_rules":
        return named("legs", entry.get("for_leg"), whole)
    names = entry.get("names") or entry.get("name")
    if isinstance(names, dict) and names:
        return name_in({key: str(text) for key, text in names.items()}, get_language() or "en")
    if section == "escort_pools":
        return f"{pgettext('word', str(entry.get('role')))}, {named('places', entry.get('place'), whole)}"
    if section == "stations":
        return f"{pgettext('word', str(entry.get('service')))}, {named('places', entry.get('place'), whole)}"
    return str(names or entry.get("id") or NOTHING)


def named(section: str, id_: object, whole: Mapping[str, Any]) -> str:
    """The entry of a section with this id by its name; the id where there is none."""
    entries = whole.get(section)
    entry = next((one for one in entries if isinstance(one, dict) and one.get("id") == id_), None) if entries else None
    return str(id_) if entry is None else entry_title(section, entry, whole)


def value_text(key: str, value: Any, whole: Mapping[str, Any]) -> str:
    """A value of the file in the reader's words; a dash where there is none."""
    if value is None or value == [] or value == {}:
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return " · ".join(f"{_key(name)}: {value_text(name, part, whole)}" for name, part in value.items())
    if isinstance(value, list):
        return ("; " if _is_list(value) else ", ").join(value_text(key, one, whole) for one in value)
    if isinstance(value, str) and key in NAMED_IN:
        return named(NAMED_IN[key], value, whole)
    return pgettext("word", value) if isinstance(value, str) and value and key not in _AS_WRITTEN else str(value)


def _key(name: str) -> str:
    """A key in words; a language's code stays as it is."""
    return name if len(name) < 4 and name not in ("id", "of") else key_title(name)


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _mark(entry: Mapping[str, Any], number: int) -> str:
    return str(entry.get("id") or entry.get("for_leg") or number)


def _of_list(
    section: str, old: list[Any], new: list[Any], before: dict[str, Any], after: dict[str, Any]
) -> Iterator[Difference]:
    olds = {_mark(entry, number): entry for number, entry in enumerate(old, 1)}
    news = {_mark(entry, number): entry for number, entry in enumerate(new, 1)}
    for mark, entry in olds.items():
        path, title = f"{section}[{mark}]", entry_title(section, entry, before)
        if mark not in news:
            told = value_text("", entry, before)
            yield Difference(
                does="removed", section=section, entry=title, key="", before=told, after=NOTHING, path=path
            )
        else:
            yield from _of_entry(section, title, path, entry, news[mark], before, after)
    for mark, entry in news.items():
        if mark not in olds:
            told, path = value_text("", entry, after), f"{section}[{mark}]"
            title = entry_title(section, entry, after)
            yield Difference(does="added", section=section, entry=title, key="", before=NOTHING, after=told, path=path)
    shared = [mark for mark in olds if mark in news]
    if shared != [mark for mark in news if mark in olds]:
        turns = [
            ", ".join(entry_title(section, kept[mark], whole) for mark in kept)
            for kept, whole in ((olds, before), (news, after))
        ]
        yield Difference(
            does="changed",
            section=section,
            entry="",
            key=_("turn in the file"),
            before=turns[0],
            after=turns[1],
            path=section,
        )


def _of_entry(
    section: str,
    title: str,
    path: str,
    old: dict[str, Any],
    new: dict[str, Any],
    before: dict[str, Any],
    after: dict[str, Any],
) -> Iterator[Difference]:
    for key in [*old, *(key for key in new if key not in old)]:
        if old.get(key) != new.get(key):
            yield Difference(
                does="changed",
                section=section,
                entry=title,
                key=key_title(key),
                before=value_text(key, old.get(key), before),
                after=value_text(key, new.get(key), after),
                path=f"{path}.{key}" if path else key,
            )
