"""How the program says no: an expected refusal is a value with a code, one sentence, one thing to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Refusal:
    """An expected no.

    `says` is one sentence with the facts, `remedy` one thing to do, both in English; `data` carries the facts by
    name, so that a page can say the same in another language from the templates of the `RefusalKind`.
    """

    code: str
    says: str
    remedy: str
    data: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.says} {self.remedy}"


@dataclass(frozen=True, slots=True)
class RefusalKind:
    """One row of the catalogue of refusals: its code and the templates (`str.format`) of its two sentences."""

    code: str
    says: str
    remedy: str

    def __call__(self, **facts: object) -> Refusal:
        """The refusal for these facts; every name in the templates must be given."""
        return Refusal(self.code, self.says.format(**facts), self.remedy.format(**facts), facts)
