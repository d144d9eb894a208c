"""The process beside headquarters that walks futures: tasks on its input, what came of them on its output.

A process of its own, since a page that is asked for meanwhile must not share its processor's turn with a thousand
futures. It ends when its input does, so none is left when headquarters is killed.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from corridor.hq.forecasting.tasks import Done, Task, Walking

LESS_URGENT = 10
"""How much everything else goes before compiling (nice): futures are walked without it meanwhile."""
COMPILE = "--compile"


@dataclass(frozen=True, slots=True)
class Failed:
    """A task ended in an error, which is a mistake of this program; `says` is its trace."""

    says: str


class WalkFailed(RuntimeError):
    """A task ended in an error within the other process."""


class Beside:
    """Walks futures in a process beside this one. Used by one thread."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def do(self, task: Task) -> Done:
        """See `tasks.Walks`; starts the process when there is none. Raises WalkFailed for a mistake of the program."""
        process = self._process
        if process is None or process.poll() is not None:
            self.end()
            process = self._process = _started([])
        assert process.stdin is not None and process.stdout is not None
        try:
            pickle.dump(task, process.stdin)
            process.stdin.flush()
            done: Done | Failed = pickle.load(process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            self.end()
            raise OSError(f"the process that walks futures has ended: {error}") from error
        if isinstance(done, Failed):
            raise WalkFailed(done.says)
        return done

    def end(self) -> None:
        """End the process, and all that was opened for it."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with suppress(BrokenPipeError):
                process.communicate()


def compiling(cache: Path) -> subprocess.Popen[bytes]:
    """A process that compiles the engine into `cache` and ends; it takes some 40 seconds of the processor, once."""
    return _started([COMPILE, str(cache)])


def _started(arguments: list[str]) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C is for headquarters, which ends this one by ending its input.
    return subprocess.Popen(
        [sys.executable, "-m", "corridor.hq.forecasting.walker", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )


def main(arguments: list[str]) -> None:
    """Do tasks until the input ends; with `--compile` compile into the folder named and end."""
    if arguments[:1] == [COMPILE]:
        os.nice(LESS_URGENT)
        from corridor.forecast.engine import prepare

        prepare(Path(arguments[1]))
        return
    # What a library prints must not get among the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    walking = Walking()
    while True:
        try:
            task: Task = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            done: Done | Failed = walking.do(task)
        except Exception:  # told to whoever asked, who logs it
            done = Failed(traceback.format_exc())
        pickle.dump(done, answers)
        answers.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
