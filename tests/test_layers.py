"""The contracts on imports name every folder of the core, so that a new one cannot stand outside them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

TREE = Path(__file__).resolve().parent.parent
EDGE = {"hq", "cli", "field"}
MAY_NAME_RANDOM = {"drill", "plan"}


def contracts(kind: str) -> list[dict[str, Any]]:
    """The import contracts of one kind, as pyproject.toml states them."""
    stated = tomllib.loads((TREE / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return [contract for contract in stated if contract["type"] == kind]


def packages(folder: Path) -> set[str]:
    """The packages in a folder."""
    return {init.parent.name for init in folder.glob("*/__init__.py")}


def layered(contract: dict[str, Any]) -> set[str]:
    """The names a layers contract holds, without brackets and the root's name."""
    names = {name.strip(" ()") for layer in contract["layers"] for name in re.split(r"[|:]", layer)}
    return {name.removeprefix("corridor.") for name in names}


def test_every_part_has_its_layer() -> None:
    """Every package of the program stands in the layers of the house."""
    house, _ = contracts("layers")
    assert packages(TREE / "src" / "corridor") <= layered(house)


def test_every_stage_has_its_turn() -> None:
    """Every stage of the road stands in the order of the road."""
    _, road = contracts("layers")
    assert packages(TREE / "src" / "corridor" / "journey") <= layered(road)


def test_whole_core_is_bound() -> None:
    """Every package of the core is forbidden Django, clock, network and chance (two may name chance's type)."""
    core = packages(TREE / "src" / "corridor") - EDGE
    world, chance = ({name.removeprefix("corridor.") for name in c["source_modules"]} for c in contracts("forbidden"))
    assert core <= world
    assert core - MAY_NAME_RANDOM <= chance
