"""How problems and plans are read from JSON and written: unknown keys and wrong types are faults with their path."""

from __future__ import annotations

import re

import msgspec

from corridor.plan.answer import Plan
from corridor.plan.faults import Fault, faults
from corridor.plan.problem import Problem

_problems = msgspec.json.Decoder(Problem)
_plans = msgspec.json.Decoder(Plan)
_encoder = msgspec.json.Encoder()

FAULTS_MAX = 50
"""Faults told of one problem: enough to see what kind they are."""

_AT = re.compile(r"(?P<says>.*?)(?: - at `(?P<path>[^`]*)`)?", re.DOTALL)


def read_problem(data: bytes) -> Problem | tuple[Fault, ...]:
    """The problem, or what is wrong with it: the first `FAULTS_MAX` faults."""
    try:
        problem = _problems.decode(data)
    except msgspec.DecodeError as error:
        return (_fault(error, "problem"),)
    found = tuple(fault for fault, _ in zip(faults(problem), range(FAULTS_MAX), strict=False))
    return found or problem


def read_plan(data: bytes) -> Plan | tuple[Fault, ...]:
    """The plan, or the first thing that is not of its schema. Whether it fits a problem, the checker says."""
    try:
        return _plans.decode(data)
    except msgspec.DecodeError as error:
        return (_fault(error, "plan"),)


def written(one: Problem | Plan) -> bytes:
    """The JSON of a problem or plan, ended by a newline; keys in the order of the schema."""
    return _encoder.encode(one) + b"\n"


def _fault(error: msgspec.DecodeError, what: str) -> Fault:
    read = _AT.fullmatch(str(error))
    says, path = (read["says"], read["path"]) if read else (str(error), None)
    return Fault(path or "$", f"{says}.", f"See the {what}'s keys in docs/reference/plan.md.")
