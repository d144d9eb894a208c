"""Which kinds of event the ledger itself reads: devices, corrections, reconciliations, head counts, claims."""

from __future__ import annotations

DEVICE_ENROLLED = "device_enrolled"
DEVICE_REVOKED = "device_revoked"
CORRECTED = "corrected"
RECONCILED = "reconciled"
BRANCH_BELIEVED = "branch_believed"
COUNTED = "counted"
CLAIMED = "claimed"
DEPARTED = "departed"
ARRIVED = "arrived"
MOVEMENT_PLANNED = "movement_planned"
UNREADABLE = "unreadable"
"""Not sent by any device: how the ledger files a line that cannot be read."""
