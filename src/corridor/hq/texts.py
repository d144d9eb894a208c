"""How the pages' texts get ready: the .po files, compiled without gettext when they have changed."""

from __future__ import annotations

from pathlib import Path

import polib

LANGUAGES = [("en", "English"), ("ru", "Русский"), ("ar", "العربية")]
"""Languages of headquarters by their own names; English is in the code."""

SOURCE = Path(__file__).resolve().parent / "locale"


def made_ready(folder: Path) -> Path:
    """The folder with the compiled texts, compiled anew where a .po file is younger. A broken one raises OSError."""
    for language in languages():
        made = folder / language / "LC_MESSAGES" / "django.mo"
        youngest = max(source.stat().st_mtime_ns for source in sources(language))
        if made.exists() and made.stat().st_mtime_ns >= youngest:
            continue
        made.parent.mkdir(parents=True, exist_ok=True)
        draft = made.with_suffix(".draft")  # renamed when whole: another process may be reading
        merged(language).save_as_mofile(str(draft))
        draft.replace(made)
    return folder


def languages() -> list[str]:
    """The languages that have texts."""
    return sorted(path.name for path in SOURCE.iterdir() if path.is_dir())


def sources(language: str) -> list[Path]:
    """The .po files of a language: django.po with the first pages' texts, then one for each desk."""
    found = sorted((SOURCE / language / "LC_MESSAGES").glob("*.po"))
    return sorted(found, key=lambda path: path.stem != "django")


def merged(language: str) -> polib.POFile:
    """All texts of a language; of a text that stands in two files the first is taken."""
    first, *others = (polib.pofile(str(source)) for source in sources(language))
    there = {(entry.msgctxt, entry.msgid) for entry in first}
    for other in others:
        for entry in other:
            if (entry.msgctxt, entry.msgid) not in there:
                there.add((entry.msgctxt, entry.msgid))
                first.append(entry)
    return first
