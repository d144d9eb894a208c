"""Why identities were read, as pages say it in the log, in the reader's language."""

from __future__ import annotations

from django.utils.translation import pgettext

from corridor.hq.desks.cells import facts_of, translated

CONTEXT = "reason"

REASONS = (
    "applications",
    "care desk",
    "care desk: {what}",
    "care queue",
    "contact tracing on paper",
    "contact tracing",
    "cross desk: exceptions signed",
    "cross desk: calls",
    "cross desk: exceptions",
    "cross desk: {what}",
    "discrepancies",
    "discrepancy {what}",
    "documents desk",
    "evening run: a row of a list",
    "evening run: call forward",
    "evening run: correction requests",
    "evening run: not reachable",
    "evening run: rows of a list",
    "evening run: split families",
    "evening run: what changed",
    "fitness for a flight",
    "flipped by a version",
    "follow-ups",
    "handover receipt on paper",
    "handovers",
    "holds",
    "identity written",
    "index of names",
    "list of papers printed",
    "manifest of {what} as {written}",
    "manifest of {what}",
    "near persons",
    "needs of a landing",
    "papers lacking",
    "papers of a flight",
    "party editor",
    "people list",
    "permits",
    "person page",
    "plan {what}, left out",
    "plan {what}, what has changed",
    "plan {what}, {more}",
    "plan {what}",
    "possible duplicates",
    "printed {what}",
    "ready people",
    "receipt printed",
    "reception desk",
    "reception list of {what} as {written}",
    "reception list",
    "refusal {what}",
    "register desk, party",
    "register desk",
    "roster of a phone",
    "search for {what}",
    "search results",
    "search",
    "searches",
    "shelter",
    "standby list of {what}",
    "talks",
    "withdrawn",
    "zone of a document",
)
"""Every reason that a page gives for a reading; a fact in braces is an id."""


def said(why: str) -> str:
    """A reason in the reader's language; what somebody wrote in their own words stays as it is."""
    facts = {name: pgettext("word", fact) for name, fact in facts_of(why, REASONS).items()}
    return translated(why, REASONS, facts, lambda text: pgettext(CONTEXT, text))
