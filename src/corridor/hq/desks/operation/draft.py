"""The draft of the next version: a whole operation file that one person is still changing, part by part."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from hashlib import sha256
from typing import Any, get_args, get_origin

import tomlkit
from tomlkit.exceptions import TOMLKitError

from corridor.base.operation import Operation
from corridor.base.operation_file import OperationError, read_operation
from corridor.base.operation_words import hints
from corridor.hq.models import Choice
from corridor.hq.served import served

KEPT_AS = "operation-draft"
TOP = "operation"
"""Stands for the keys of the file that are in no section."""
CLASSES: Mapping[str, type] = {
    name: inner
    for name, hint in hints(Operation).items()
    for inner in (get_args(hint)[0] if get_origin(hint) is tuple else hint,)
    if is_dataclass(inner) and isinstance(inner, type)
}
"""The type of every section's entries."""
LISTS = frozenset(name for name in CLASSES if get_origin(hints(Operation)[name]) is tuple)
"""The sections that hold several entries."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody has made of the file so far. `made_from` is the SHA-256 of the file they began with."""

    text: str
    made_from: str

    @property
    def plain(self) -> dict[str, Any]:
        """The file as TOML has it."""
        return plain_of(self.text)

    @property
    def read(self) -> Operation | tuple[OperationError, ...]:
        """The operation that it describes, or everything that is wrong with it."""
        return read_operation(self.text)


def last_text() -> str:
    """The file that the next version is made from: that of the last version, in force or signed for later."""
    opened = served().opened
    now = served().now()
    versions = opened.versions(now)
    last = versions.last(now)
    content: bytes = opened.files.content(last.sha256 if last else versions.first_sha256)
    return content.decode("utf-8-sig")


def sha256_of(text: str) -> str:
    """What a text is called in the archive."""
    return sha256(text.encode()).hexdigest()


def draft_of(who: str) -> Draft | None:
    """Somebody's draft; None when they have changed nothing."""
    kept = Choice.objects.filter(who=who, name=KEPT_AS).first()
    return None if kept is None else Draft(kept.value["text"], kept.value["made_from"])


def begun(who: str) -> Draft:
    """Somebody's draft, or a new one from the last version."""
    text = last_text()
    return draft_of(who) or Draft(text, sha256_of(text))


def keep(who: str, draft: Draft) -> None:
    """Keep a draft until it is proposed or thrown away; one that changes nothing is not kept."""
    if sha256_of(draft.text) == draft.made_from:
        throw_away(who)
        return
    value = {"text": draft.text, "made_from": draft.made_from}
    Choice.objects.update_or_create(who=who, name=KEPT_AS, defaults={"value": value})


def throw_away(who: str) -> None:
    """Forget somebody's draft."""
    Choice.objects.filter(who=who, name=KEPT_AS).delete()


def plain_of(text: str) -> dict[str, Any]:
    """A file as TOML has it, without sections that hold something else than entries; empty when it is not TOML. What is
    left out `read_operation` tells in words."""
    whole = _toml(text) or {}
    return {name: value for name, value in whole.items() if _holds_entries(name, value)}


def _toml(text: str) -> dict[str, Any] | None:
    """Everything that stands in a file; None when it is not TOML."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return None


def _holds_entries(name: str, value: Any) -> bool:
    """Whether a section is laid out as one: a list of tables, or one table; a key in no section always is."""
    if name in LISTS:
        return isinstance(value, list) and all(isinstance(one, dict) for one in value)
    return name not in CLASSES or isinstance(value, dict)


def put(text: str, section: str, number: int | None, values: Mapping[str, Any]) -> str | None:
    """The file with these keys of one entry set, those that are None taken out; everything else stays as written.

    `number` counts a section's entries from 0, None adds one; for a section that is one table it does not matter.
    Answers None when the file is laid out in a way that cannot be changed like this: then it is changed as text.
    """
    wanted = _toml(text)
    if wanted is None or not _holds_entries(section, wanted.get(section, [] if section in LISTS else {})):
        return None
    target = _entry(wanted, section, number)
    for key, value in values.items():
        target.pop(key, None)
        if value is not None:
            target[key] = value
    try:
        document = tomlkit.parse(text)
        table = _entry(document, section, number, tomlkit.table)
        before = _unwrapped(table)
        for key, value in values.items():
            if value is None and key in table:
                del table[key]
            elif value is not None and before.get(key) != value:
                table[key] = _item(value)
        made = tomlkit.dumps(document)
    except (TOMLKitError, AttributeError, TypeError):
        return None
    return made if _toml(made) == wanted else None


def drop(text: str, section: str, number: int) -> str | None:
    """The file without one entry of a section; None as above."""
    wanted = _toml(text)
    if wanted is None or not _holds_entries(section, wanted.get(section)):
        return None
    del wanted[section][number]
    try:
        document: Any = tomlkit.parse(text)
        del document[section][number]
        made = tomlkit.dumps(document)
    except (TOMLKitError, AttributeError, TypeError):
        return None
    return made if _toml(made) == wanted else None


def _entry(whole: Any, section: str, number: int | None, new: Any = dict) -> Any:
    """The table of a file that an entry is, made where it is missing."""
    if section == TOP:
        return whole
    if number is None:
        entry = new()
        if section not in whole:
            whole[section] = tomlkit.aot() if new is tomlkit.table else []
        whole[section].append(entry)
        return whole[section][-1]
    if section not in whole:
        whole[section] = new()
    return whole[section] if isinstance(whole[section], Mapping) else whole[section][number]


def _unwrapped(table: Any) -> dict[str, Any]:
    return dict(table.unwrap()) if hasattr(table, "unwrap") else dict(table)


def _item(value: Any) -> Any:
    """A value as TOML writes it: lists of tables each under its own heading, names on one line."""
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        rows = tomlkit.aot()
        for one in value:
            rows.append(tomlkit.item(one))
        return rows
    if isinstance(value, dict):
        names = tomlkit.inline_table()
        names.update(value)
        return names
    return tomlkit.item(value)
