"""Whether a page's examples are true: reads its `console` blocks, runs them, compares what they print.

In a block a line after `$ ` is a command, lines after `> ` go on with it, and the others are what it prints, exactly.
`…` stands for any text within a line; alone on a line it stands for any number of lines. All blocks of a page run in
one shell, one after the other. `python -m tests.docs.transcripts PAGE` prints what the commands of a page print now.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

TREE = Path(__file__).resolve().parents[2]
SECONDS_MAX = 600
_END = "\x1e"  # parts the outputs of the commands; no command prints it


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command of a page, the line it stands on, and what the page says it prints."""

    line: int
    command: str
    says: tuple[str, ...]


def steps_of(page: str) -> list[Step]:
    """Every command of a page's console blocks, in order."""
    steps: list[Step] = []
    inside = False
    for number, line in enumerate(page.splitlines(), start=1):
        if line.startswith("```"):
            inside = line == "```console"
        elif inside and line.startswith("$ "):
            steps.append(Step(line=number, command=line[2:], says=()))
        elif inside:
            assert steps, f"line {number}: a block begins with a command"
            last = steps.pop()
            goes_on = not last.says and (line.startswith("> ") or line == ">")
            more = {"command": f"{last.command}\n{line[2:]}"} if goes_on else {"says": (*last.says, line)}
            steps.append(Step(**{"line": last.line, "command": last.command, "says": last.says, **more}))  # type: ignore[arg-type]
    return steps


def run(steps: list[Step], folder: Path) -> list[str]:
    """What each command prints, errors included, when all run in one shell that begins in `folder`."""
    # Each command finds the exit code of the one before in $?, as at a prompt.
    script = "\n".join(f"{{ (exit ${{left:-0}}); {step.command}\n}} 2>&1; left=$?; printf '\\x1e'" for step in steps)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("CORRIDOR_", "DATABASE_URL"))}
    path = f"{TREE / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env={
            **clean,
            "PATH": path,
            "HOME": str(folder),
            "CORRIDOR_HOME": str(folder / "home"),
            "LC_ALL": "C.UTF-8",
            "PYTHONUTF8": "1",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )
    assert not done.stderr, done.stderr
    *outputs, rest = done.stdout.split(_END)
    assert len(outputs) == len(steps) and not rest, "every command has come to its end"
    return outputs


def differences(step: Step, printed: str) -> list[str]:
    """Nothing when the command prints what the page says; else both, for a reader."""
    if pattern(step.says).fullmatch("".join(f"{line.rstrip()}\n" for line in printed.splitlines())):
        return []
    return [f"line {step.line}: $ {step.command}", "the page says:", *step.says, "it prints:", *printed.splitlines()]


def pattern(says: tuple[str, ...]) -> re.Pattern[str]:
    """What may be printed where a page says this."""
    return re.compile("".join(_line(line.rstrip()) for line in says))


def _line(line: str) -> str:
    if line.strip() == "…":
        return r"(?:.*\n)*?"
    return r"[^\n]*".join(re.escape(part) for part in line.split("…")) + r"\n"


if __name__ == "__main__":
    shown = steps_of(Path(sys.argv[1]).read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as temporary:
        for one, output in zip(shown, run(shown, Path(temporary)), strict=True):
            print(f"$ {one.command}\n{output}", end="")
