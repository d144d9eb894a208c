"""What a wheel holds beside the package: the shipped operations, as corridor/_operations.

An editable install must not copy them: there the program reads `operations/` of the checkout.
"""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ShipOperations(BuildHookInterface):  # type: ignore[type-arg]
    """Adds `operations/` to every wheel that is not editable."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it builds; `version` is the way of building, "standard" or "editable"."""
        if version != "editable":
            build_data["force_include"]["operations"] = "corridor/_operations"
