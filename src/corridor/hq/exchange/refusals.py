"""Every no of the phones' addresses, with the HTTP status that carries it; docs/reference/exchange.md has the table."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse

from corridor.base.refusal import Refusal, RefusalKind

NOT_AN_EXCHANGE = RefusalKind(
    "not_an_exchange", "This cannot be read: {why}.", "Update the app; if it goes on, export its records to a file."
)
TOO_LARGE = RefusalKind("exchange_too_large", "More bytes than headquarters takes at once.", "Send fewer batches.")
POST_ONLY = RefusalKind("post_only", "This address is for phones.", "Open the app at /field/.")
CODE_NOT_GOOD = RefusalKind(
    "code_not_good", "This code is wrong, used, or too old.", "Ask headquarters for a new code."
)
NOT_PROVED = RefusalKind(
    "enrolment_not_proved", "The phone did not prove that it holds its key.", "Scan the code again."
)
NOT_ENROLLED = RefusalKind(
    "device_not_enrolled",
    "Headquarters knows no key of {device}.",
    "Ask for a code for the same name; the phone keeps its records and sends them then.",
)
EXCHANGE_NOT_PROVED = RefusalKind(
    "exchange_not_proved", "No enrolled key of {device} signed this.", "Ask headquarters for a new code."
)
ACCOUNT_NOT_GOOD = RefusalKind(
    "account_not_good",
    "The account {user} takes no phone: it is closed, waits for a second person, or its role does not.",
    "Ask the duty officer.",
)
TOO_MANY_TRIES = RefusalKind("too_many_tries", "Too many tries.", "Wait {seconds} seconds.")
TRY_LATER = RefusalKind(
    "try_again_later", "Headquarters cannot write at this moment.", "The phone keeps everything and tries again."
)
TOKEN_NEEDED = RefusalKind("token_needed", "The roster needs a fresh token.", "Ask again at once.")
HELD_ENOUGH = RefusalKind(
    "exchange_too_large",
    "{device} is revoked, and has put as much in quarantine as a phone can hold.",
    "Bring the phone to headquarters.",
)

CATALOGUE: tuple[RefusalKind, ...] = (
    NOT_AN_EXCHANGE,
    TOO_LARGE,
    POST_ONLY,
    CODE_NOT_GOOD,
    NOT_PROVED,
    NOT_ENROLLED,
    EXCHANGE_NOT_PROVED,
    ACCOUNT_NOT_GOOD,
    TOO_MANY_TRIES,
    TRY_LATER,
    TOKEN_NEEDED,
    HELD_ENOUGH,
)

STATUS: dict[str, int] = {
    "not_an_exchange": 400,
    "exchange_too_large": 413,
    "post_only": 405,
    "too_many_tries": 429,
    "try_again_later": 503,
}
"""The status of a refusal; 403 where it is not here."""

LATER_SECONDS = 15
"""What a phone is told to wait when headquarters cannot write."""


def refused(refusal: Refusal, *, wait_seconds: int | None = None) -> HttpResponse:
    """The unsigned answer that says no."""
    answer = JsonResponse({"refusal": plain(refusal)}, status=STATUS.get(refusal.code, 403))
    if refusal.code == TRY_LATER.code:
        wait_seconds = LATER_SECONDS
    if wait_seconds is not None:
        answer["Retry-After"] = str(wait_seconds)
    return answer


def plain(refusal: Refusal) -> dict[str, str]:
    """A refusal as phones read it."""
    return {"code": refusal.code, "says": refusal.says, "remedy": refusal.remedy}
