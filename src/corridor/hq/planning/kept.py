"""Which plans there are: each with its problem, who asked for it, from which board; read back as they were kept."""

from __future__ import annotations

import functools
import zlib
from dataclasses import dataclass

import msgspec
from django.db.models import QuerySet

from corridor.base.ids import PlanId
from corridor.hq.models import KeptPlan
from corridor.journey.planning.counsel import Counsel
from corridor.plan.answer import Plan
from corridor.plan.problem import Problem
from corridor.plan.reading import read_plan, read_problem

_counsels = msgspec.json.Decoder(tuple[Counsel, ...])


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A plan that was made, with the problem it answers; `first_come` is what a dispatcher would do (None: there is
    none of it)."""

    problem: Problem
    plan: Plan
    first_come: Plan | None


def packed(data: bytes) -> bytes:
    """JSON as it is kept."""
    return zlib.compress(data, 6)


def unpacked(data: bytes) -> bytes:
    """JSON that was kept."""
    return zlib.decompress(data)


def row_of(name: str) -> KeptPlan | None:
    """The row of a plan, without what is long; None: there is none."""
    return rows().filter(name=name).first()


def rows() -> QuerySet[KeptPlan]:
    """Every plan, the latest first, without what is long."""
    return KeptPlan.objects.defer("problem", "plan", "first_come", "counsels").order_by("-asked_at_ms", "-id")


@functools.lru_cache(maxsize=16)
def made(name: PlanId) -> Made:
    """A plan that was made, read once. Raises KeptPlan.DoesNotExist when there is none or it is not made."""
    row = KeptPlan.objects.get(name=name, state="made")
    problem, plan = read_problem(unpacked(row.problem)), read_plan(unpacked(row.plan))
    assert isinstance(problem, Problem) and isinstance(plan, Plan), "what was kept was read before"
    first_come = read_plan(unpacked(row.first_come)) if row.first_come else None
    return Made(problem, plan, first_come if isinstance(first_come, Plan) else None)


def counsels(name: str) -> tuple[Counsel, ...]:
    """What to do with each flight of a plan, as far as that was asked."""
    row = KeptPlan.objects.only("counsels").get(name=name)
    return _counsels.decode(unpacked(row.counsels)) if row.counsels else ()
