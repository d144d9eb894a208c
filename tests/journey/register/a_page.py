"""What a stage's reference page leaves out: compares the page with the code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from corridor.base.refusal import RefusalKind
from corridor.journey.findings import FindingKind
from corridor.journey.kinds import Kind

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"


def missing(
    page: str,
    kinds: Iterable[Kind],
    orders: Any,
    refusals: Iterable[RefusalKind],
    findings: Iterable[FindingKind],
) -> list[str]:
    """Every kind whose row lacks a field, every order, refusal and finding that the page lacks or says otherwise."""
    lines = (REFERENCE / page).read_text(encoding="utf-8").splitlines()
    wanted = [
        *(f"| `{kind.name}`{' (moves)' if kind.moves else ''} | {_fields(kind)} | " for kind in kinds),
        *(f"| `{order.__name__}` | " for order in orders.__args__),
        *(f"| `{one.code}` | {one.says} | {one.remedy} |" for one in (*refusals, *findings)),
    ]
    return [text for text in wanted if not any(line.startswith(text) for line in lines)]


def _fields(kind: Kind) -> str:
    """The fields of a body as the page writes them."""
    return ", ".join(f"`{part.name}`{'' if part.default is MISSING else '?'}" for part in fields(kind.body))
