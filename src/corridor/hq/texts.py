"""How the pages' texts get ready: the .po files, compiled without gettext when they have changed."""

from __future__ import annotations

from pathlib import Path

import polib

LANGUAGES = [("en", "English"), ("ru", "Русский"), ("ar", "العربية")]
"""Languages of headquarters by their own names; English is in the code."""

SOURCE = Path(__file__).resolve().parent / "locale"


def made_ready(folder: Path) -> Path:
    """The folder with the compiled texts, compiled anew where a .po file is younger. A broken one raises OSError."""
    for source in sorted(SOURCE.glob("*/LC_MESSAGES/django.po")):
        made = folder / source.relative_to(SOURCE).with_suffix(".mo")
        if made.exists() and made.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        made.parent.mkdir(parents=True, exist_ok=True)
        draft = made.with_suffix(".draft")  # renamed when whole: another process may be reading
        polib.pofile(str(source)).save_as_mofile(str(draft))
        draft.replace(made)
    return folder
