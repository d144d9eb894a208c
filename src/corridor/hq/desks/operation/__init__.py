"""The desk of the operation itself: devices, users, the operation file, and the audit of who read and ordered what."""

from __future__ import annotations

from django.urls import path

from corridor.hq.desks.desk import Desk
from corridor.hq.desks.operation import audit, devices, users, versions

DESK = Desk(
    stage="operation",
    urls=(
        path("", devices.page, name="operation"),
        path("enrol/", devices.enrol, name="operation-enrol"),
        path("devices/<str:device>/", devices.one, name="operation-device"),
        path("devices/<str:device>/revoke/", devices.revoke, name="operation-revoke"),
        path("devices/<str:device>/believe/", devices.believe, name="operation-believe"),
        path("reads/", audit.reads, name="operation-reads"),
        path("orders/", audit.orders, name="operation-orders"),
        path("users/", users.page, name="operation-users"),
        path("users/<str:name>/password/", users.password, name="operation-password"),
        path("users/<str:name>/lock/", users.lock, name="operation-lock"),
        path("file/", versions.page, name="operation-file"),
    ),
)
