"""A linear or integer program while it is put together, and its answer by HiGHS.

Single-threaded and without any clock in the program itself, so that the same program gives the same answer; a caller
who must stop says so by `stop`, which HiGHS asks now and then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from corridor.plan.solve.frame import Floats, Ints

INFINITY = float("inf")

Options = dict[str, bool | int | float | str]
"""Settings of HiGHS by name."""

INTERIOR: Options = {"solver": "ipm", "run_crossover": "off"}
"""For large programs of which prices and fractions are wanted and no corner."""

COLUMNS_OF_A_STEP = 100
"""An integer program asks once for so many columns whether to go on, between two askings of HiGHS; one in fractions for
a hundred times as many. So a step of work is about the same everywhere."""

_QUIET: Options = {"output_flag": False, "threads": 1, "parallel": "off", "solver": "simplex"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What HiGHS found: values of the columns (None: none found), prices of rows and columns (empty with integers), the
    objective, and a bound no answer can beat (-inf: none)."""

    values: Floats | None
    row_prices: Floats
    column_prices: Floats
    objective: float
    bound: float


class Program:
    """Minimise the cost of columns within the bounds of rows."""

    def __init__(self) -> None:
        self.costs: list[Floats] = []
        self.lower: list[Floats] = []
        self.upper: list[Floats] = []
        self.whole: list[Floats] = []
        self.row_lower: list[Floats] = []
        self.row_upper: list[Floats] = []
        self.entries: list[tuple[Ints, Ints, Floats]] = []
        self.columns = 0
        self.rows = 0

    def add_columns(
        self, costs: Floats, *, upper: float | Floats = INFINITY, lower: float | Floats = 0.0, whole: bool = False
    ) -> Ints:
        """New columns with these costs; their numbers."""
        count = len(costs)
        self.costs.append(np.asarray(costs, dtype=np.float64))
        self.lower.append(np.broadcast_to(np.asarray(lower, dtype=np.float64), (count,)))
        self.upper.append(np.broadcast_to(np.asarray(upper, dtype=np.float64), (count,)))
        self.whole.append(np.full(count, float(whole)))
        self.columns += count
        return np.arange(self.columns - count, self.columns)

    def add_rows(self, count: int, *, lower: float | Floats = -INFINITY, upper: float | Floats = INFINITY) -> Ints:
        """New rows within these bounds; their numbers."""
        self.row_lower.append(np.broadcast_to(np.asarray(lower, dtype=np.float64), (count,)))
        self.row_upper.append(np.broadcast_to(np.asarray(upper, dtype=np.float64), (count,)))
        self.rows += count
        return np.arange(self.rows - count, self.rows)

    def put(self, rows: Ints | Sequence[int], columns: Ints | Sequence[int], values: float | Floats) -> None:
        """Entries of the matrix; entries put twice are added up."""
        at = np.broadcast_arrays(np.asarray(rows), np.asarray(columns), np.asarray(values, dtype=np.float64))
        self.entries.append((at[0].ravel(), at[1].ravel(), at[2].ravel()))

    def scale(self, columns: Ints, by: Floats) -> None:
        """Count these columns in units of `by`: one of the new is so many of the old."""
        factor = np.ones(self.columns)
        factor[columns] = by
        self.entries = [(rows, cols, values * factor[cols]) for rows, cols, values in self.entries]
        self.costs = [np.concatenate(self.costs) * factor]
        self.lower = [np.concatenate(self.lower) / factor]
        self.upper = [np.concatenate(self.upper) / factor]

    def limit(self, columns: Ints, lower: float | Floats, upper: float | Floats) -> None:
        """Keep these columns within these bounds from now on."""
        for name, to in (("lower", lower), ("upper", upper)):
            values = np.concatenate(getattr(self, name))
            values[columns] = to
            setattr(self, name, [values])

    def make_whole(self, columns: Ints) -> None:
        """Only whole numbers of these from now on."""
        whole = np.concatenate(self.whole)
        whole[columns] = 1.0
        self.whole = [whole]

    def matrix(self) -> tuple[Ints, Ints, Floats]:
        """By row: where each row begins, the columns, the values, without zeros."""
        rows = np.concatenate([e[0] for e in self.entries]) if self.entries else np.zeros(0, dtype=np.int64)
        columns = np.concatenate([e[1] for e in self.entries]) if self.entries else np.zeros(0, dtype=np.int64)
        values = np.concatenate([e[2] for e in self.entries]) if self.entries else np.zeros(0)
        key = rows * max(1, self.columns) + columns
        unique, inverse = np.unique(key, return_inverse=True)
        summed = np.bincount(inverse, weights=values, minlength=len(unique))
        unique, summed = unique[summed != 0], summed[summed != 0]
        starts = np.searchsorted(unique // max(1, self.columns), np.arange(self.rows + 1))
        return starts, unique % max(1, self.columns), summed

    def loaded(self, options: Options | None = None) -> highspy.Highs:
        """HiGHS with this program in it."""
        highs = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in (_QUIET | (options or {})).items():
            highs.setOptionValue(name, value)
        starts, columns, values = self.matrix()
        whole = np.concatenate(self.whole) if self.whole else np.zeros(0)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self.columns, self.rows
        model.col_cost_ = np.concatenate(self.costs)
        model.col_lower_ = np.concatenate(self.lower)
        model.col_upper_ = np.concatenate(self.upper)
        model.row_lower_ = np.concatenate(self.row_lower)
        model.row_upper_ = np.concatenate(self.row_upper)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = starts.astype(np.int32)
        model.a_matrix_.index_ = columns.astype(np.int32)
        model.a_matrix_.value_ = values
        if whole.any():
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            model.integrality_ = [kinds[int(w)] for w in whole]
        highs.passModel(model)
        return highs

    def solve(
        self,
        *,
        options: Options | None = None,
        start: Floats | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> Answer:
        """Answer it; `start` is a known answer to improve on (integer programs)."""
        highs = self.loaded(options)
        integers = bool(np.concatenate(self.whole).any()) if self.whole else False
        if start is not None:
            known = highspy.HighsSolution()
            known.col_value = list(start)
            highs.setSolution(known)
        if stop is not None:
            asked, large = stop, 1 + self.columns // (COLUMNS_OF_A_STEP if integers else COLUMNS_OF_A_STEP * 100)

            def interrupt(event: highspy.HighsCallbackEvent) -> None:
                if any([asked() for _ in range(large)]):
                    event.interrupt()

            for asks in (highs.cbMipInterrupt,) if integers else (highs.cbSimplexInterrupt, highs.cbIpmInterrupt):
                asks.subscribe(interrupt)
        highs.run()
        return answer_of(highs, integers=integers)


def answer_of(highs: highspy.Highs, *, integers: bool = False) -> Answer:
    """What HiGHS has found by now."""
    solution, info = highs.getSolution(), highs.getInfo()
    found = info.primal_solution_status == 2
    objective = float(info.objective_function_value) if found else INFINITY
    bound = float(info.mip_dual_bound) if integers else objective
    return Answer(
        values=np.array(solution.col_value) if found else None,
        row_prices=np.array(solution.row_dual),
        column_prices=np.array(solution.col_dual),
        objective=objective,
        bound=bound,
    )
