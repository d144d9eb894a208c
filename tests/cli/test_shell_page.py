"""The page of the shell says what the command understands."""

from __future__ import annotations

import re
from argparse import ArgumentParser, _SubParsersAction
from pathlib import Path

from corridor.cli import parser

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "shell.md").read_text(encoding="utf-8")


def commands(of: ArgumentParser, before: str = "") -> dict[str, set[str]]:
    """Every command with its options, subcommands with their parents' names before theirs."""
    for action in of._actions:
        if isinstance(action, _SubParsersAction):
            found: dict[str, set[str]] = {}
            for name, parser in action.choices.items():
                found |= commands(parser, f"{before} {name}".strip())
            return found | own_options(of, before) if of.get_default("run") else found
    return own_options(of, before)


def own_options(of: ArgumentParser, name: str) -> dict[str, set[str]]:
    """The options of one command, without those of its subcommands."""
    options = {text for action in of._actions for text in action.option_strings if text.startswith("--")}
    return {name: options - {"--help"}}


def test_every_command_and_option_is_explained() -> None:
    """The page's table has exactly the commands there are, each with exactly its options."""
    rows = re.findall(r"^\| `([a-z]+(?: [a-z]+)?)[^`]*` \|(.*?)\| ", PAGE, re.MULTILINE)
    said = {name: set(re.findall(r"--[a-z-]+", options)) for name, options in rows}
    there = commands(parser())
    importing = PAGE.split("## Importing")[1].split("##")[0]
    options_of_import = set(re.findall(r"`(--[a-z-]+)`", importing))
    for name in [name for name in there if name.startswith("import ")]:
        assert there.pop(name) == options_of_import
        assert said.pop(name) == set()
    assert said == there
