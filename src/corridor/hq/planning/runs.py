"""Plans being made: one at a time, by a process beside this one; told of as it goes, stopped when asked, then kept."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection
from msgspec.json import encode

from corridor.base.ids import PlanId
from corridor.base.refusal import Refusal
from corridor.hq.models import KeptPlan
from corridor.hq.planning.kept import packed
from corridor.hq.planning.refusals import BEING_MADE
from corridor.hq.planning.tasks import STOP, Task, Told, line, read_told
from corridor.journey.planning.counsel import Counsel
from corridor.plan.answer import Plan
from corridor.plan.faults import faults
from corridor.plan.problem import Problem
from corridor.plan.reading import written

FAULTS_TOLD = 5
_log = logging.getLogger("corridor.hq.planning")


@dataclass(frozen=True, slots=True)
class News:
    """The best so far after so many seconds of the processor."""

    seconds: float
    value: float
    bound: float | None


@dataclass(slots=True)
class Run:
    """Work on a plan, in this process's memory while it lasts. `news` grows; `advises`: what to do with its flights is
    being worked out, not the plan."""

    name: PlanId
    advises: bool
    news: list[News] = field(default_factory=list)
    flights: int = 0
    stopping: bool = False
    process: subprocess.Popen[bytes] | None = None

    @property
    def steps(self) -> int:
        """Changes whenever there is news."""
        return len(self.news) + self.flights + self.stopping


_one = threading.Lock()
_running: dict[PlanId, Run] = {}


def running(name: str) -> Run | None:
    """The work on a plan; None: nobody works on it."""
    return _running.get(PlanId(name))


def any_running() -> Run | None:
    """The work there is."""
    return next(iter(list(_running.values())), None)


def stop(name: str) -> None:
    """End the work on a plan with the best that was found; nothing when nobody works on it."""
    run = running(name)
    if run is None:
        return
    run.stopping = True
    process = run.process
    if process is not None and process.stdin is not None:
        try:
            process.stdin.write(STOP)
            process.stdin.flush()
        except OSError:
            _log.info("%s had ended when it was stopped", name)


def begin(row: KeptPlan, problem: Callable[[], Problem], warm: Plan | None = None) -> Refusal | None:
    """Keep `row` and make its plan for the problem, which is worked out beside the request too; a no while another is
    being made."""
    return _begin(
        PlanId(row.name),
        advises=False,
        before=lambda: row.save(),
        work=lambda run: _make(run, row, problem, warm),
    )


def begin_counsel(row: KeptPlan, problem: Problem, plan: Plan, seconds: float) -> Refusal | None:
    """Work out what to do with each flight of a plan; a no while something is being made."""
    task = Task(
        problem=problem,
        warm=plan,
        seconds=seconds,
        seed=plan.seed,
        counsel=True,
    )
    return _begin(PlanId(row.name), advises=True, before=lambda: None, work=lambda run: _advise(run, task))


def _begin(name: PlanId, *, advises: bool, before: Callable[[], None], work: Callable[[Run], None]) -> Refusal | None:
    with _one:
        if _running:
            return BEING_MADE()
        before()
        run = _running[name] = Run(name, advises)
    threading.Thread(target=_to_its_end, args=(run, work), name=f"planning {name}", daemon=True).start()
    return None


def _to_its_end(run: Run, work: Callable[[Run], None]) -> None:
    try:
        work(run)
    except Exception as error:
        _log.exception("planning %s", run.name)
        KeptPlan.objects.filter(name=run.name, state="making").update(state="failed", fault=str(error))
    finally:
        _running.pop(run.name, None)
        connection.close()


def _make(run: Run, row: KeptPlan, problem_of: Callable[[], Problem], warm: Plan | None) -> None:
    problem = problem_of()
    wrong = [str(fault) for fault, _ in zip(faults(problem), range(FAULTS_TOLD), strict=False)]
    if wrong:
        KeptPlan.objects.filter(name=run.name).update(state="failed", fault="\n".join(wrong))
        return
    KeptPlan.objects.filter(name=run.name).update(problem=packed(written(problem)))
    task = Task(
        problem=problem,
        warm=warm,
        seconds=row.seconds,
        seed=row.seed,
        small=bool(row.base),
    )
    last = _worked(run, task, lambda told: None)
    if last.plan is None:
        _log.error("planning %s: %s", run.name, last.fault)
        fault = next((said for said in reversed(last.fault.splitlines()) if said.strip()), "")
        KeptPlan.objects.filter(name=run.name).update(state="failed", fault=fault)
        return
    KeptPlan.objects.filter(name=run.name).update(
        state="made",
        plan=packed(written(last.plan)),
        first_come=b"" if last.first_come is None else packed(written(last.first_come)),
        value=last.plan.value,
        bound=last.plan.bound,
        first_come_value=None if last.first_come is None else last.first_come.value,
        cpu_seconds=last.plan.cpu_seconds,
    )


def _advise(run: Run, task: Task) -> None:
    found: list[Counsel] = []

    def heard(told: Told) -> None:
        if told.counsel is not None:
            found.append(told.counsel)
            run.flights = len(found)

    last = _worked(run, task, heard)
    if last.fault:
        _log.error("planning %s: %s", run.name, last.fault)
    KeptPlan.objects.filter(name=run.name).update(counsels=packed(encode(found)))


def _worked(run: Run, task: Task, heard: Callable[[Told], None]) -> Told:
    """Give the task to a process of its own and listen to it; what it told last."""
    # A session of its own: Ctrl-C is for headquarters, which ends this one by ending its input.
    process = subprocess.Popen(
        [sys.executable, "-m", "corridor.hq.planning.planner"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdin is not None and process.stdout is not None, "both are pipes"
    last = Told(fault="The process that plans ended without an answer.")
    try:
        process.stdin.write(line(task))
        process.stdin.flush()
        run.process = process  # from here on it can be told to stop: its task comes first
        if run.stopping:  # it was stopped before that
            process.stdin.write(STOP)
            process.stdin.flush()
        for said in process.stdout:
            told = read_told(said)
            heard(told)
            if told.value is not None:
                run.news.append(News(told.seconds, told.value, told.bound))
            elif told.done or told.fault:
                last = told
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()
    return last
