"""How is a function compiled? Kept on disk, without Python's lock, and with arithmetic in the order in which it stands.

numba keeps a compiled function by its own source only, not by that of the functions it calls: whoever sets the place
of the cache must set another one for other sources (`engine` does).
"""

from __future__ import annotations

from typing import Any

from numba import njit

_kept: dict[str, Any] = {"cache": True, "nogil": True}
_uncounted: dict[str, Any] = _kept | {"_nrt": False}  # numba's own switch, which its types do not list

compiled: Any = njit(**_kept)
"""For functions that may make arrays."""

bare: Any = njit(**_uncounted)
"""For what runs once an event: makes no array, and so needs no counting of who still uses one."""

pasted: Any = njit(**_uncounted, forceinline=True)
"""The same, put in the place of its call."""
