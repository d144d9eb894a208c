"""The tables of the reference's index pages, as the code has them; `python -m tests.docs.reference_tables` writes them.

A page holds its tables between `<!-- table NAME -->` and `<!-- end -->`; everything else in it is written by hand.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import get_args

import corridor
from corridor.base import limits
from corridor.base.refusal import RefusalKind
from corridor.journey.catalogue import KINDS, LEDGER_KINDS
from corridor.journey.findings import FindingKind
from corridor.journey.kinds import STAGES
from corridor.journey.orders import Order
from corridor.ledger.book.discrepancies import REMEDIES

TREE = Path(__file__).resolve().parents[2]
REFERENCE = TREE / "docs" / "reference"
TABLE = re.compile(r"(<!-- table (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
WHERE_ELSE = {
    "corridor.base.sheets.refusals": "import",
    "corridor.drill.plan_file": "replay",
    "corridor.hq.desks.refusals": "a desk",
    "corridor.journey.kinds": "every stage",
    "corridor.loading": "loading",
    "corridor.opening": "opening",
}
"""Where a refusal that is of no stage is met, by module; any other is met at its part of the program."""


def events() -> Iterator[str]:
    """Every kind of event of a stage, in the order of the road."""
    yield "| kind | stage | moves people | sealed or restricted | the timeline says |"
    yield "|---|---|---|---|---|"
    for kind in KINDS.values():
        moves, restricted = "yes" if kind.moves else "", "yes" if kind.restricted else ""
        yield f"| `{kind.name}` | {_stage(kind.stage)} | {moves} | {restricted} | {kind.says} |"


def ledger_events() -> Iterator[str]:
    """The ledger's own kinds and what a timeline shows for them."""
    yield "| kind | the timeline says |"
    yield "|---|---|"
    for kind, says in LEDGER_KINDS.items():
        yield f"| `{kind}` | {says} |"


def orders() -> Iterator[str]:
    """Every order, in the order of the road."""
    yield "| order | stage | what it does |"
    yield "|---|---|---|"
    for order in get_args(Order):
        yield f"| `{order.__name__}` | {_stage(order.__module__.split('.')[2])} | {_first_line(order)} |"


def refusals() -> Iterator[str]:
    """Every refusal of a stage; the stage's page has the sentences."""
    yield "| code | stage |"
    yield "|---|---|"
    for module, kind in _made(RefusalKind):
        if _stage_of(module):
            yield f"| `{kind.code}` | {_stage(_stage_of(module))} |"


def other_refusals() -> Iterator[str]:
    """Every refusal that is of no stage, word for word."""
    yield "| code | met at | says | remedy |"
    yield "|---|---|---|---|"
    for module, kind in _made(RefusalKind):
        if not _stage_of(module):
            yield f"| `{kind.code}` | {WHERE_ELSE.get(module, module.split('.')[1])} | {kind.says} | {kind.remedy} |"


def discrepancies() -> Iterator[str]:
    """Every discrepancy of the ledger."""
    yield "| code | remedy |"
    yield "|---|---|"
    for code, remedy in REMEDIES.items():
        yield f"| `{code}` | {remedy} |"


def findings() -> Iterator[str]:
    """Every finding of a stage; the stage's page has the sentences."""
    yield "| code | stage |"
    yield "|---|---|"
    for module, kind in _made(FindingKind):
        yield f"| `{kind.code}` | {_stage(_stage_of(module)) if _stage_of(module) else 'each'} |"


def bounds() -> Iterator[str]:
    """Every limit with its value and its reason, as `base/limits.py` writes them."""
    yield "| limit | value | what it bounds, and why |"
    yield "|---|---|---|"
    body = ast.parse(inspect.getsource(limits)).body
    for assigned, reason in itertools.pairwise(body):
        if isinstance(assigned, ast.Assign):
            assert isinstance(reason, ast.Expr) and isinstance(reason.value, ast.Constant), "a limit without its reason"
            (target,) = assigned.targets
            name = ast.unparse(target)
            text = " ".join(str(reason.value.value).split())
            yield f"| `{name}` | {getattr(limits, name):,} | {text} |"


TABLES: Mapping[str, Callable[[], Iterator[str]]] = {
    table.__name__: table
    for table in (events, ledger_events, orders, refusals, other_refusals, discrepancies, findings, bounds)
}
PAGES = ("events.md", "orders.md", "refusals.md", "discrepancies.md", "limits.md")


def filled(page: str) -> str:
    """A page's text with every table as the code has it."""
    return TABLE.sub(lambda found: found[1] + "\n".join(TABLES[found[2]]()) + "\n" + found[3], page)


def modules() -> Iterator[str]:
    """Every module outside headquarters, and headquarters' own refusals, by name."""
    source = Path(corridor.__file__).parent
    for path in sorted(source.rglob("*.py")):  # walked as files: packages of headquarters need Django to be imported
        parts = path.relative_to(source.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        hq = name == "corridor.hq" or name.startswith("corridor.hq.")
        if name not in ("corridor", "corridor.__main__") and (not hq or name.endswith(".refusals")):
            yield name


def _made(kind: type[RefusalKind] | type[FindingKind]) -> list[tuple[str, RefusalKind | FindingKind]]:
    """Every refusal or finding of the program with the module that makes it, in the order of the road."""
    found = [
        (name, value)
        for name in modules()
        for value in vars(importlib.import_module(name)).values()
        if isinstance(value, kind) and f" = {kind.__name__}(" in _assignment(name, value.code)
    ]
    stages = (*STAGES, "")
    return sorted(found, key=lambda one: stages.index(_stage_of(one[0])))


def _assignment(module: str, code: str) -> str:
    """The line of a module where a refusal or finding of this code is made; '' when it is only imported there."""
    source = inspect.getsource(importlib.import_module(module))
    found = re.search(rf'^\w+ = \w+\(\s*"{code}"', source, re.MULTILINE)
    return found[0] if found else ""


def _stage_of(module: str) -> str:
    """The stage a module belongs to; '' when to none."""
    stage = module.removeprefix("corridor.journey.").partition(".")[0]
    return stage if stage in STAGES else ""


def _stage(stage: str) -> str:
    return f"[{stage}]({stage}.md)"


def _first_line(order: type) -> str:
    return (order.__doc__ or "").strip().partition("\n")[0]


if __name__ == "__main__":
    for name in PAGES:
        page = REFERENCE / name
        page.write_text(filled(page.read_text(encoding="utf-8")), encoding="utf-8")
