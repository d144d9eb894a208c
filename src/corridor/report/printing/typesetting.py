"""How facts become a PDF: a sheet of `sheets/`, the facts as JSON, our own fonts and nothing of the machine's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import segno
import typst

from corridor.base.moments import Moment, datetime_of

_HERE = Path(__file__).resolve().parent
SHEETS = _HERE / "sheets"
FONTS = _HERE / "fonts"
RIGHT_TO_LEFT = ("ar",)
"""Languages written from right to left."""


def typeset(sheet: str, facts: Mapping[str, Any], language: str, at: Moment) -> bytes:
    """The PDF of a sheet (`sheets/<sheet>.typ`) filled in with these facts.

    The facts reach the sheet as data and are never read as markup, whatever somebody typed as a name. `at` stands in
    the file as the time it was made, so that the same facts give the same bytes. Raises typst.TypstError for a broken
    sheet, which is a mistake of the program.
    """
    given = {**facts, "language": language, "rtl": language in RIGHT_TO_LEFT}
    made: bytes = typst.compile(
        SHEETS / f"{sheet}.typ",
        root=SHEETS,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"facts": json.dumps(given, ensure_ascii=False)},
        timestamp=datetime_of(at).replace(microsecond=0),  # a PDF knows no parts of seconds
    )
    return made


def qr(text: str) -> str:
    """A QR code as SVG: error correction M (15 %), the quiet zone of 4 modules that ISO/IEC 18004 asks for."""
    return str(segno.make_qr(text, error="m", boost_error=False).svg_inline(border=4, dark="#000", light="#fff"))
