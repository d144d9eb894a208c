"""What the pages show is what the program does: every command of a console block is run and its output compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.docs.transcripts import TREE, Step, differences, run, steps_of

PAGES = ("README.md", "docs/tutorial/replay.md", "docs/how-to/own-operation.md")


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_every_command_prints_what_the_page_says(page: str, tmp_path: Path) -> None:
    """From an empty folder, in the order of the page."""
    steps = steps_of((TREE / page).read_text(encoding="utf-8"))
    assert steps, "the page has examples"
    for step, printed in zip(steps, run(steps, tmp_path), strict=True):
        assert differences(step, printed) == [], "\n".join(differences(step, printed))


@pytest.mark.parametrize(
    ("says", "printed", "same"),
    [
        (("registered 5",), "registered 5\n", True),
        (("registered 5",), "registered 6\n", False),
        (("registered 5",), "registered 5\nand more\n", False),
        (("registered 5", "…"), "registered 5\nand more\n", True),
        (("…", "in suspense 0"), "registered 5\nin suspense 0\n", True),
        (("…", "in suspense 0"), "registered 5\nin suspense 1\n", False),
        (("known at …: 5",), "known at 10:30: 5\n", True),
        (("known at …: 5",), "known at 10:30\n: 5\n", False),
        (("(a+b)",), "aab\n", False),
        ((), "", True),
        ((), "an error\n", False),
    ],
)
def test_only_what_is_left_out_may_differ(says: tuple[str, ...], printed: str, same: bool) -> None:
    """A line differs, is missing or is too many: the page is wrong; what `…` stands for may be anything."""
    assert (differences(Step(line=1, command="", says=says), printed) == []) is same


def test_commands_share_one_shell(tmp_path: Path) -> None:
    """A variable, a folder and a file made by one command are there for the next; errors are part of the output."""
    page = """\
```console
$ ONE=1; cat > two <<END
> $ONE and
> two
> END
```
text
```sh
$ exit
```
```console
$ cat two no-file
1 and
two
cat: …
$ false
$ echo $?
1
```
"""
    steps = steps_of(page)
    assert [step.line for step in steps] == [2, 12, 16, 17]
    printed = run(steps, tmp_path)
    assert [differences(step, text) for step, text in zip(steps, printed, strict=True)] == [[], [], [], []]
