"""Which page answers which address."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path
from django.views.i18n import set_language

from corridor.hq.access import own, sign_in
from corridor.hq.desks import alarms, held_back
from corridor.hq.desks.desk import addresses
from corridor.hq.desks.live import live
from corridor.hq.exchange.enrol import enrol
from corridor.hq.exchange.exchange import exchange
from corridor.hq.pages import errors
from corridor.hq.pages.people import people
from corridor.hq.pages.person import person
from corridor.hq.pages.picture import home
from corridor.hq.pages.published import published

urlpatterns = [
    path("", live(home), name="home"),
    path("claims/", published, name="claims"),
    path("held-back/", held_back.page, name="held-back"),
    path("people/", people, name="people"),
    path("people/<str:person>/", person, name="person"),
    path("sign-in/", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-in/second/", sign_in.second, name="sign-in-second"),
    path("sign-in/passkey/", sign_in.show_passkey, name="sign-in-passkey"),
    path("sign-in/passkey/ask/", sign_in.ask_passkey, name="sign-in-passkey-ask"),
    path("own/", own.page, name="own"),
    path("own/proof/", own.proof, name="own-proof"),
    path("own/password/", own.password, name="own-password"),
    path("own/app/", own.app, name="own-app"),
    path("own/passkey/", own.passkey, name="own-passkey"),
    path("own/passkey/ask/", own.ask_passkey, name="own-passkey-ask"),
    path("own/factors/<int:factor>/remove/", own.remove, name="own-remove"),
    path("own/codes/", own.codes, name="own-codes"),
    path("own/role/", own.act_as, name="own-role"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("language/", login_not_required(set_language), name="language"),
    path("alive/", errors.alive, name="alive"),
    path("alarms/", alarms.page, name="alarms"),
    path("field/enrol", enrol, name="field-enrol"),
    path("field/exchange", exchange, name="field-exchange"),
    *addresses(),
]

handler400 = errors.bad_request
handler403 = errors.not_allowed
handler404 = errors.not_found
handler500 = errors.failed
