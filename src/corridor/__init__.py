"""Corridor: the headquarters of a civilian evacuation in one program."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# NumPy's library reads it when it is loaded. Its threads wait for each other by spinning: on a busy machine a small
# matrix product took twenty times the processor time it takes alone.

__version__ = "0.1.0"
