"""What does CP-SAT make of one program of everything? Run by `bench.plan` with a Python that has `ortools`.

    python plan_cpsat.py MODEL.mps VALUES.txt SECONDS

One worker, so that its seconds are those of the processor; where it finds nothing, it writes nothing.
"""

import sys
import threading
import time
from pathlib import Path

from ortools.linear_solver.python import model_builder


def main() -> None:
    """Read, solve until the seconds of the processor are over, write the values of the columns in their order."""
    model = model_builder.Model()
    model.import_from_mps_file(sys.argv[1])
    solver = model_builder.Solver("SAT")
    solver.set_solver_specific_parameters("num_workers:1")
    ends = time.process_time() + float(sys.argv[3])

    def watch() -> None:
        while time.process_time() < ends:
            time.sleep(0.1)
        solver.stop_search()

    threading.Thread(target=watch, daemon=True).start()
    status = solver.solve(model)
    if status in (model_builder.SolveStatus.OPTIMAL, model_builder.SolveStatus.FEASIBLE):
        values = [f"{solver.value(variable)}\n" for variable in model.get_variables()]
        Path(sys.argv[2]).write_text("".join(values), encoding="ascii")


if __name__ == "__main__":
    main()
