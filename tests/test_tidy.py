"""The tree stays readable: sizes, names, docstrings, and nothing that belongs to one machine."""

from __future__ import annotations

import ast
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parent.parent
FUNCTION_LINES_MAX = 80
MODULE_LINES_MAX = 450
FOLDER_MODULES_MAX = 14
NAMES_THAT_SAY_NOTHING = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers"}

# Written as patterns, so that this file names none of them itself.
OF_ONE_MACHINE = re.compile(
    r"(?:pypi|npmjs|pythonhosted|yarnpkg)\.(?:org|com)"
    r"|deb\.debian"
    r"|--(?:extra-)?index-url[= ]+\S*:"
    r"|registry=https?:"
    r"|(?<![.\w/-])/(?:work|root|farm|tmp|home/\w+|Users/\w+)/\w"
)


def tracked_files() -> list[Path]:
    """Every file that git tracks here and that is still there."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=TREE, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := TREE / name).is_file()]


def modules() -> list[Path]:
    """Every module of the program; generated migrations are left out."""
    return [path for path in (TREE / "src").rglob("*.py") if "migrations" not in path.parts]


def too_long_functions(source: str) -> Iterator[str]:
    """Name and lines of each function longer than the limit."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES_MAX:
                yield f"{node.name}: {lines} lines"


def test_functions_are_short() -> None:
    """No function of the program is longer than a screen or two."""
    found = [f"{path.relative_to(TREE)} {row}" for path in modules() for row in too_long_functions(path.read_text())]
    assert not found, f"functions over {FUNCTION_LINES_MAX} lines: {found}"


def test_modules_are_short() -> None:
    """No module of the program is longer than one sitting."""
    found = [f"{path.relative_to(TREE)}: {n} lines" for path in modules() if (n := _lines(path)) > MODULE_LINES_MAX]
    assert not found, f"modules over {MODULE_LINES_MAX} lines: {found}"


def test_folders_are_small() -> None:
    """No folder of the program holds more modules than can be taken in at a glance."""
    counts = Counter(path.parent.relative_to(TREE) for path in modules())
    found = [f"{folder}: {n} modules" for folder, n in counts.items() if n > FOLDER_MODULES_MAX]
    assert not found, f"folders over {FOLDER_MODULES_MAX} modules: {found}"


def test_names_say_something() -> None:
    """No file or folder is named after nothing in particular."""
    found = [path.relative_to(TREE) for path in tracked_files() if _says_nothing(path.relative_to(TREE))]
    assert not found, f"names that say nothing: {found}"


def test_modules_say_what_they_answer() -> None:
    """Every module begins with a docstring whose first line is a sentence."""
    found = [path.relative_to(TREE) for path in modules() if not _first_line(path).endswith((".", ":", "?"))]
    assert not found, f"modules whose docstring's first line is no sentence: {found}"


def test_nothing_is_of_one_machine() -> None:
    """No tracked file names a package registry's host or a path of the machine it was written on."""
    found = []
    for path in tracked_files():
        if "vendor" in path.parts:
            continue
        text = path.read_bytes().decode("utf-8", errors="replace")
        found += [f"{path.relative_to(TREE)}: {hit.group()}" for hit in OF_ONE_MACHINE.finditer(text)]
    assert not found, f"hosts or machine paths: {found}"


@pytest.mark.parametrize(
    ("text", "caught"),
    [
        ("see https://files.python" + "hosted.org/packages/x", True),
        ("open /wor" + "k/main/src", True),
        ("--index-url " + "https://example", True),
        ("GET /road/work/1", False),
        ("#!/usr/bin/env bash", False),
        ("src/corridor/tmp/x", False),
    ],
)
def test_machine_pattern(text: str, caught: bool) -> None:
    """The pattern catches hosts and machine paths, and leaves ordinary paths and links alone."""
    assert bool(OF_ONE_MACHINE.search(text)) is caught


def test_long_function_is_found() -> None:
    """A function one line over the limit is named, one at the limit is not."""
    body = "    x = 1\n"
    at_limit = "def fits() -> None:\n" + body * (FUNCTION_LINES_MAX - 1)
    over = "def too_long() -> None:\n" + body * FUNCTION_LINES_MAX
    assert list(too_long_functions(at_limit + over)) == [f"too_long: {FUNCTION_LINES_MAX + 1} lines"]


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def _says_nothing(path: Path) -> bool:
    return any(part.partition(".")[0].lower() in NAMES_THAT_SAY_NOTHING for part in path.parts)


def _first_line(path: Path) -> str:
    return (ast.get_docstring(ast.parse(path.read_text())) or "").partition("\n")[0]
