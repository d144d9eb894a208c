"""What each version of the operation file says, read from the archive once."""

from __future__ import annotations

from collections.abc import Callable

from corridor.base.moments import Moment
from corridor.base.operation import Operation
from corridor.base.operation_file import FILE_NAME, read_operation
from corridor.journey.versions.state import Versions
from corridor.ledger.stores.archive import Archive


class VersionFiles:
    """The versions' files. `first` is the operation as its file began, `first_bytes` answers that file's bytes."""

    def __init__(self, first: Operation, first_bytes: Callable[[], bytes], archive: Archive) -> None:
        self._first = first
        self._first_bytes = first_bytes
        self._archive = archive
        self._read: dict[str, Operation] = {}

    def content(self, sha256: str | None) -> bytes:
        """The file as it was proposed; None: the file that the operation began with, while no version was proposed.

        Raises LookupError when the archive has lost it.
        """
        content = self._first_bytes() if sha256 is None else self._archive.get(sha256)
        if content is None:
            raise LookupError(f"the archive holds no {FILE_NAME} with SHA-256 {sha256}")
        return content

    def operation(self, sha256: str | None) -> Operation:
        """The operation that a file describes; None as above.

        Raises LookupError when the archive has lost it, ValueError when this program cannot read it any more.
        """
        if sha256 is None:
            return self._first
        if sha256 not in self._read:
            answer = read_operation(self.content(sha256))
            if not isinstance(answer, Operation):
                raise ValueError("; ".join(map(str, answer)))
            self._read[sha256] = answer
        return self._read[sha256]

    def in_force(self, versions: Versions, at: Moment) -> Operation:
        """The operation as its file was in force at a moment."""
        version = versions.in_force(at)
        return self.operation(versions.first_sha256 if version is None else version.sha256)

    def every(self, versions: Versions) -> tuple[Operation, ...]:
        """The operation as it began and in every version that is or was in force or will be, the earlier first."""
        named = (versions.first_sha256, *(one.sha256 for one in versions.standing))
        return tuple(self.operation(sha256) for sha256 in named)
