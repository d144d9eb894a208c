"""`corridor names`: who in a table bears a name like this one, and how often that is right on pairs of spellings."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from corridor.base.ids import PersonId
from corridor.base.refusal import Refusal
from corridor.base.sheets.mapping import guess_mapping, lacking
from corridor.base.sheets.reader import read_sheets
from corridor.base.sheets.rows import PersonRow, read_people
from corridor.cli.arguments import DONE, REFUSED, USAGE, Commands, Stop, add_json, progress
from corridor.cli.match import evaluate as evaluate_records
from corridor.names.evaluate import Score, Trial, as_json, as_people, evaluate, trial
from corridor.names.index.people import NameIndex
from corridor.names.pairs import pair_files, read_pairs
from corridor.names.reasons import Match

LIKELY = 0.5
"""Matches at least so likely make the exit code 0."""


def add(commands: Commands) -> None:
    """Add the command."""
    command: ArgumentParser = commands.add_parser(
        "names",
        help="find a person by name in any script, or measure how well that works",
        description="corridor names QUERY --in people.csv finds who bears a name like QUERY in any script, and why. "
        "corridor names evaluate DIR measures it on a folder of pairs (*.tsv: id, name_a, name_b, origin). "
        "corridor names evaluate-linkage RECORDS TRUTH measures how well duplicates are found (record_id, name, dob, "
        "sex, citizenship, document; record_id, entity_id).",
    )
    command.add_argument(
        "query", metavar="QUERY|evaluate|evaluate-linkage", help="a name, in quotes; or the word evaluate"
    )
    command.add_argument("folder", metavar="DIR|RECORDS", type=Path, nargs="?", help="what to evaluate on")
    command.add_argument("truth", metavar="TRUTH", type=Path, nargs="?", help="the entity of each record")
    command.add_argument("--in", dest="table", metavar="FILE", type=Path, help="a table of people: CSV, XLSX or JSON")
    command.add_argument("-k", "--limit", type=_number, default=10, help="how many people to show (10)")
    command.add_argument("--gallery", type=_number, default=100_000, metavar="N", help="names to search in (100000)")
    command.add_argument("--queries", type=_number, default=2_000, metavar="N", help="queries over all pairs (2000)")
    command.add_argument("--seed", type=int, default=1, help="which names and queries are drawn (1)")
    add_json(command)
    command.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Search, or evaluate."""
    if arguments.query == "evaluate-linkage" and arguments.truth is not None:
        return evaluate_records(arguments.folder, arguments.truth, as_json=arguments.json)
    if arguments.query == "evaluate" and arguments.folder is not None:
        return _evaluate(arguments)
    if arguments.folder is not None:
        raise Stop(
            f'Put a name of several words in quotes: corridor names "{arguments.query} {arguments.folder}"', USAGE
        )
    if arguments.table is None:
        raise Stop('Say where to look: corridor names "QUERY" --in people.csv', USAGE)
    return _search(arguments)


def _number(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise ArgumentTypeError(f"{text!r} is not a number from 1")
    return number


def _search(arguments: Namespace) -> int:
    index = NameIndex()
    index.add_many(_people(arguments.table).items())
    matches = index.search(arguments.query, arguments.limit)
    if arguments.json:
        print(json.dumps([_plain(match) for match in matches], ensure_ascii=False, indent=1))
    else:
        for match in matches:
            print(f"{match.likeness:.3f}  {match.name}  ({match.person})")
            for because in match.because:
                print(f"         {'against: ' if because.against else ''}{because}")
        if not matches:
            print("Nobody.")
    return DONE if matches and matches[0].likeness >= LIKELY else REFUSED


def _plain(match: Match) -> dict[str, object]:
    because = [
        {
            "code": one.code,
            "says": one.says,
            "query": one.query,
            "name": one.name,
            "likeness": one.likeness,
            "against": one.against,
        }
        for one in match.because
    ]
    return {"person": match.person, "name": match.name, "likeness": match.likeness, "because": because}


def _people(file: Path) -> dict[PersonId, list[str]]:
    """The people of a table; each is called by their reference, or by the row."""
    try:
        sheets = read_sheets(file.name, file.read_bytes())
    except OSError as error:
        raise Stop(f"{file} cannot be read: {error.strerror}.", USAGE) from None
    if isinstance(sheets, Refusal):
        raise Stop(str(sheets))
    today = datetime.now(UTC).date()
    found: dict[PersonId, list[str]] = {}
    for sheet in sheets:
        mapping = guess_mapping(sheet, "people")
        lacks = lacking(mapping, sheet)
        if lacks is not None:
            progress(f"corridor: {lacks}")
            continue
        reading = read_people(sheet, mapping, today)
        for bad in reading.bad:
            progress(f"corridor: {bad.file}, row {bad.row}, {bad.header}: {bad.says} {bad.remedy}")
        for row in reading.rows:
            called = row.reference if row.reference and not row.reference_shared else f"row {row.position.row}"
            found.setdefault(PersonId(called), []).extend(_names(row))
    if not found:
        raise Stop(f"{file} holds no people with names.")
    return found


def _names(row: PersonRow) -> list[str]:
    whole = [row.full_name, row.name_latin, row.name_cyrillic, row.name_arabic]
    names = [name.text for name in whole if name is not None]
    together = [part.text for part in (row.surname, row.given, row.patronymic) if part is not None]
    return list(dict.fromkeys([*names, *([" ".join(together)] if together else [])]))


def _evaluate(arguments: Namespace) -> int:
    asked = _trial(arguments)
    began = time.process_time()
    index = NameIndex()
    index.add_many(as_people(asked.gallery))
    progress(f"{len(index):,} names indexed in {time.process_time() - began:.1f} CPU-seconds")
    scores = evaluate(index, asked, time.process_time)
    print(json.dumps(as_json(scores), indent=1) if arguments.json else _table(scores))
    return DONE


def _trial(arguments: Namespace) -> Trial:
    if not arguments.folder.is_dir():
        raise Stop(f"There is no folder {arguments.folder}.", USAGE)
    try:
        pairs = [pair for file in pair_files(arguments.folder) for pair in read_pairs(file, progress)]
    except (OSError, ValueError) as error:
        raise Stop(f"{error}. Each row is id, name_a, name_b and origin, with tabs between.") from None
    asked = trial(
        pairs, gallery=arguments.gallery, queries=arguments.queries, rng=np.random.default_rng(arguments.seed)
    )
    if not asked.questions:
        raise Stop(f"{arguments.folder} holds no pairs: *.tsv with the columns id, name_a, name_b, origin.")
    return asked


def _table(scores: dict[str, Score]) -> str:
    lines = ["pairs             recall@1  recall@10    MRR  queries/CPU-s  queries"]
    lines += [
        f"{kind:16}  {score.recall_at_1:8.3f}  {score.recall_at_10:9.3f}  {score.mrr:.3f}"
        f"  {score.queries_per_cpu_s:13,.0f}  {score.queries:7,}"
        for kind, score in scores.items()
    ]
    return "\n".join(lines)
