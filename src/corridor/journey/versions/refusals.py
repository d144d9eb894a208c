"""Every expected no about versions of the operation file."""

from __future__ import annotations

from corridor.base.refusal import RefusalKind

FILE_CANNOT_BE_USED = RefusalKind(
    "file_cannot_be_used", "The file cannot be used: {key}: {problem}", "Correct it, then propose it again."
)
OTHER_OPERATION = RefusalKind(
    "other_operation", "The file is of another operation, {name}.", "The name of an operation stays as it is."
)
NOTHING_DIFFERS = RefusalKind(
    "nothing_differs", "Nothing in this file differs from the last version.", "Change something first."
)
MADE_FROM_ANOTHER = RefusalKind(
    "made_from_another",
    "Another version has come since this one was begun.",
    "Begin again from the file as it is now, or revert to the older one.",
)
VERSION_WAITS = RefusalKind(
    "version_waits", "Version {version} still waits for a signature.", "Have it signed or rejected first."
)
FROM_TOO_EARLY = RefusalKind(
    "from_too_early",
    "A version comes into force from now on, and not before the one it was made from.",
    "Give a later time, or none.",
)
USERS_AT_ONCE = RefusalKind(
    "users_at_once", "A change of users has no later date.", "Leave the time open, or change the users apart."
)
PLACE_HOLDS_PEOPLE = RefusalKind(
    "place_holds_people", "People stand at {place}, which this file leaves out.", "Keep the place until they have left."
)
LEG_IN_USE = RefusalKind(
    "leg_in_use",
    "A movement still goes by the leg {leg}, which this file leaves out or turns.",
    "Wait until it is over.",
)
HEADQUARTERS_STAYS = RefusalKind(
    "headquarters_stays",
    "The file leaves out headquarters' own device {device}, whose key is the ledger's foundation.",
    "Keep the device.",
)
VERSION_NOT_KNOWN = RefusalKind("version_not_known", "There is no version {version}.", "Choose one from the list.")
VERSION_NOT_WAITING = RefusalKind(
    "version_not_waiting", "Version {version} does not wait for a signature.", "Look at the versions again."
)
OWN_SIGNATURE = RefusalKind(
    "own_signature", "Version {version} was proposed by you.", "Ask a second person to sign it."
)
VERSION_CAME_INTO_FORCE = RefusalKind(
    "version_came_into_force", "Version {version} has been in force.", "Revert to another version instead."
)
VERSION_HAS_HEIR = RefusalKind(
    "version_has_heir", "Version {heir} was made from version {version}.", "Reject that one first."
)

CATALOGUE: tuple[RefusalKind, ...] = (
    FILE_CANNOT_BE_USED,
    OTHER_OPERATION,
    NOTHING_DIFFERS,
    MADE_FROM_ANOTHER,
    VERSION_WAITS,
    FROM_TOO_EARLY,
    USERS_AT_ONCE,
    PLACE_HOLDS_PEOPLE,
    LEG_IN_USE,
    HEADQUARTERS_STAYS,
    VERSION_NOT_KNOWN,
    VERSION_NOT_WAITING,
    OWN_SIGNATURE,
    VERSION_CAME_INTO_FORCE,
    VERSION_HAS_HEIR,
)
