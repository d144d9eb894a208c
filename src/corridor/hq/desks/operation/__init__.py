"""The desk of the operation itself: devices, users, the operation file, and the audit of who read and ordered what."""

from __future__ import annotations

from django.urls import path

from corridor.hq.desks.desk import Desk
from corridor.hq.desks.operation import audit, devices, flipped, paper, parts, phones, users, versions

DESK = Desk(
    stage="operation",
    urls=(
        path("", devices.page, name="operation"),
        path("enrol/", devices.enrol, name="operation-enrol"),
        path("phones/", phones.phone, name="operation-phone"),
        path("phones/file/", phones.in_a_file, name="operation-phone-file"),
        path("paper/", paper.page, name="operation-paper"),
        path("paper/form.pdf", paper.blank, name="operation-paper-blank"),
        path("devices/<str:device>/", devices.one, name="operation-device"),
        path("devices/<str:device>/revoke/", devices.revoke, name="operation-revoke"),
        path("devices/<str:device>/believe/", devices.believe, name="operation-believe"),
        path("reads/", audit.reads, name="operation-reads"),
        path("orders/", audit.orders, name="operation-orders"),
        path("reads.xlsx", audit.reads, {"sheet": True}, name="operation-reads-sheet"),
        path("orders.xlsx", audit.orders, {"sheet": True}, name="operation-orders-sheet"),
        path("users/", users.page, name="operation-users"),
        path("users/new/", users.new, name="operation-user-new"),
        path("users/of/<str:name>/", users.one, name="operation-user"),
        path("file/", versions.page, name="operation-file"),
        path("file/draft/", versions.draft, name="operation-draft"),
        path("file/draft/throw-away/", versions.throw_away, name="operation-throw-away"),
        path("file/text/", parts.text, name="operation-text"),
        path("file/parts/<str:section>/", parts.section, name="operation-part"),
        path("file/parts/<str:section>/<int:number>/drop/", parts.drop, name="operation-drop"),
        path("file/parts/<str:section>/<str:number>/", parts.entry, name="operation-entry"),
        path("file/flipped/<str:which>/", flipped.people, name="operation-flipped"),
        path("file/versions/<int:number>/", versions.version, name="operation-version"),
        path("file/versions/<int:number>/sign/", versions.sign, name="operation-sign"),
        path("file/versions/<int:number>/reject/", versions.reject, name="operation-reject"),
        path("file/versions/<int:number>/revert/", versions.revert, name="operation-revert"),
        path("file/versions/<int:number>/operation.toml", versions.download, name="operation-download"),
    ),
)
