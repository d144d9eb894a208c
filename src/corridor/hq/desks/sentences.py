"""What the book's own discrepancies say in languages in which the book does not speak itself."""

from __future__ import annotations

from collections.abc import Mapping

from corridor.ledger.book.discrepancies import REMEDIES

BOOK_SAYS: Mapping[str, str] = {
    "two_places": "No way leads from where the person was to where the next record has them.",
    "too_soon": "The person cannot have come so soon to where the next record has them.",
    "forked_record": "A record about the person stands on a forked chain.",
    "not_registered": "The person has been seen and is not registered.",
    "not_alighted": "The movement has arrived, and people have not been seen alighting.",
    "count_differs": "The head count differs from the book.",
    "gap": "Records of a device have not arrived.",
    "fork": "The chain of a device forks: two devices write under one name.",
    "quarantined": "Batches of a device are held and not believed.",
    "clock_ahead": "Records say that they happened after they were received.",
    "clock_behind": "Records say that they happened before the year 2000.",
    "unreadable": "The record cannot be read; its bytes are kept.",
    "correction_ignored": "The record is kept and not carried out.",
    "place_unknown": "People are recorded at a place that the operation file does not have.",
}
"""By code, in general: the numbers stand in the book's own sentence, shown beside it."""

assert set(BOOK_SAYS) == set(REMEDIES), "every discrepancy of the book can be said"
