"""How an index is kept in a file: names and people in alphabetical order, with what was worked out for each part.

The same people give the same bytes, in whatever order they came. A file written with another model is read too: its
names are worked out anew.
"""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from corridor.base.ids import PersonId
from corridor.base.refusal import Refusal, RefusalKind
from corridor.names.index.people import NameIndex
from corridor.names.model.described import Described
from corridor.names.model.weights import Model, shipped_model

FORMAT = 1

UNREADABLE = RefusalKind(
    "names_index_unreadable",
    "{file} is not an index of names: {why}.",
    "Make the index anew from the people's names.",
)


def save(index: NameIndex, file: Path) -> None:
    """Write the index."""
    rows = sorted(index.everybody())
    vocabulary = sorted(index.part_keys())
    described = Described.of(index.model, vocabulary) if vocabulary else Described.empty(index.model.dimensions)
    with file.open("wb") as out:
        np.savez(
            out,
            allow_pickle=False,
            format=np.array([FORMAT, index.model.fingerprint], np.int64),
            persons=_joined([person for person, _ in rows]),
            names=_joined([name for _, name in rows]),
            keys=_joined(vocabulary),
            **{f"part_{column.name}": getattr(described, column.name) for column in fields(Described)},
        )


def load(file: Path, model: Model | None = None) -> NameIndex | Refusal:
    """Read an index that `save` wrote."""
    index = NameIndex(model or shipped_model())
    try:
        with file.open("rb") as kept, np.load(kept, allow_pickle=False) as arrays:
            version, fingerprint = (int(number) for number in arrays["format"])
            if version != FORMAT:
                return UNREADABLE(file=file.name, why=f"its format is {version}, this program reads {FORMAT}")
            persons, names = _apart(arrays["persons"]), _apart(arrays["names"])
            if len(persons) != len(names):
                return UNREADABLE(file=file.name, why=f"it has {len(persons)} people for {len(names)} names")
            if fingerprint == index.model.fingerprint:
                described = Described(*(arrays[f"part_{column.name}"] for column in fields(Described)))
                index.learn_parts(_apart(arrays["keys"]), described)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        return UNREADABLE(file=file.name, why=str(error) or type(error).__name__)
    index.add_many((PersonId(person), (name,)) for person, name in zip(persons, names, strict=True))
    index.forget_unborne_parts()
    return index


def _joined(texts: list[str]) -> NDArray[np.uint8]:
    """Texts as bytes, each behind its length in four bytes."""
    raw = [text.encode("utf-8", "surrogatepass") for text in texts]
    return np.frombuffer(b"".join(len(some).to_bytes(4, "little") + some for some in raw), np.uint8)


def _apart(joined: NDArray[np.uint8]) -> list[str]:
    """The texts that `_joined` put together; raises ValueError when the bytes end early."""
    raw, place, texts = joined.tobytes(), 0, []
    while place < len(raw):
        length = int.from_bytes(raw[place : place + 4], "little")
        text = raw[place + 4 : place + 4 + length]
        if len(text) < length:
            raise ValueError("the texts end early")
        texts.append(text.decode("utf-8", "surrogatepass"))
        place += 4 + length
    return texts
