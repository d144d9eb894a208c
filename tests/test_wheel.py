"""The wheel holds all of the program: every file of the package and the shipped operations."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

TREE = Path(__file__).resolve().parent.parent


def test_wheel_holds_package_and_operations(tmp_path: Path) -> None:
    """A wheel built here has every tracked file of src/corridor, and operations/ as corridor/_operations."""
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=TREE, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("corridor-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    assert _shipped("src/corridor", "corridor") | _shipped("operations", "corridor/_operations") <= held


def _shipped(folder: str, under: str) -> set[str]:
    """The tracked files of a folder, by their names in the wheel."""
    listed = subprocess.run(["git", "ls-files", "-z", folder], cwd=TREE, capture_output=True, text=True, check=True)
    names = [name for name in listed.stdout.split("\0") if name and (TREE / name).is_file()]
    return {f"{under}/{name.removeprefix(folder + '/')}" for name in names}
