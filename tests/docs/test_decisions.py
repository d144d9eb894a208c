"""The decisions are all listed, and every dependency has its line."""

from __future__ import annotations

import re
import tomllib

from tests.docs.transcripts import TREE

DECISIONS = TREE / "docs" / "decisions"


def named_packages() -> set[str]:
    """Every package that pyproject.toml names, to run, as an extra, to build or to test."""
    project = tomllib.loads((TREE / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [project["project"]["dependencies"], project["build-system"]["requires"]]
    groups += [*project["project"].get("optional-dependencies", {}).values(), *project["dependency-groups"].values()]
    return {re.split(r"[\[<>=!~; ]", one)[0] for group in groups for one in group if isinstance(one, str)}


def test_every_dependency_has_its_line() -> None:
    """Why this one, what else, licence and weight; and no line is left of a package that is gone."""
    text = (DECISIONS / "dependencies.md").read_text(encoding="utf-8")
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("| `")]
    assert sorted(line[0].strip("`") for line in lines) == sorted(named_packages())
    assert all(len(line) == 5 and all(line) for line in lines)


def test_every_decision_is_in_the_index() -> None:
    """With its number and title as it has them itself."""
    index = (DECISIONS / "README.md").read_text(encoding="utf-8")
    missing = []
    for page in DECISIONS.glob("0*.md"):
        number, _, title = page.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ").partition(". ")
        if f"| {number} | [{title}]({page.name}) |" not in index:
            missing.append(page.name)
    assert missing == []
