"""How are two records weighed? One description for Splink, the same on DuckDB and on Spark.

Every condition is in words that both engines have (`array_contains`, `abs`, `=`), so a register that outgrows one
machine is weighed by the same object: `Linker(sdf, settings(), ...)` on Splink's Spark backend over the same columns.
`m` is how often a level is seen when both records are one person, `u` when they are two.

The numbers here are where learning starts and what holds for a list too short to learn from. `u` of the birth date is
arithmetic (365 days, some 80 years); `m` were learned without labels from the development records (see
`docs/reference/records.md`); each register then learns its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

About = Literal["names", "birth", "sex", "citizenship", "document"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One way in which a comparison can come out, tried from the first to the last.

    `sql` None: all that is left. `m` and `u` None: nothing is known of one record, so that nothing follows.
    `fixed_u`: `u` is not learned from random pairs, because it is known better or too seldom seen there. `fixed_m`: `m`
    is not learned either, because there learning is misled: nothing tells it that twins, and a father and a son of one
    name, are two people.
    """

    code: str
    says: str
    sql: str | None
    m: float | None = None
    u: float | None = None
    fixed_u: bool = False
    fixed_m: bool = False
    frequency: str | None = None


_ROUGH = "(born_rough_l OR born_rough_r)"
_SAME_YEAR = "born_year_l = born_year_r"

NAME_LEVELS = 5
"""Levels of likeness of names above "not alike"; `near_5` is the most alike."""

COMPARISONS: Final[dict[About, tuple[Level, ...]]] = {
    "names": (
        Level(code="no_name", says="one record has no name", sql="named_l = 0 OR named_r = 0"),
        Level(
            code="names_kin",
            says="a name in common and another that differs, as in a family",
            sql="array_contains(kin_l, place_r)",
            m=2e-4,
            u=0.02,
            fixed_u=True,
            fixed_m=True,
        ),
        *(
            Level(code=code, says=says, sql=f"array_contains(near_{level}_l, place_r)", m=m, u=u, fixed_u=True)
            for level, code, says, m, u in (
                (5, "names_same", "the names are the same", 0.4, 1e-6),
                (4, "names_very_alike", "the names are very much alike", 0.33, 1.5e-6),
                (3, "names_alike", "the names are alike", 0.16, 5e-6),
                (2, "names_near", "the names are somewhat alike", 0.08, 6e-5),
                (1, "names_share", "the names share a part", 0.02, 4e-4),
            )
        ),
        Level(code="names_differ", says="the names differ", sql=None, m=0.01, u=0.98, fixed_u=True),
    ),
    "birth": (
        Level(code="no_birth", says="a birth date is not known", sql="born_year_l IS NULL OR born_year_r IS NULL"),
        Level(
            code="birth_generation",
            says="birth years more than twelve apart, as of parent and child",
            sql="abs(born_year_l - born_year_r) > 12",
            m=1e-6,
            u=0.72,
            fixed_u=True,
            fixed_m=True,
        ),
        Level(
            code="birth_twin",
            says="the same birth date, yet names of one family: perhaps twins",
            sql=f"NOT {_ROUGH} AND {_SAME_YEAR} AND born_month_l = born_month_r AND born_day_l = born_day_r "
            "AND array_contains(kin_l, place_r)",
            m=4e-3,
            u=1e-3,
            fixed_u=True,
            fixed_m=True,
        ),
        Level(
            code="birth_same",
            says="the same birth date",
            sql=f"NOT {_ROUGH} AND {_SAME_YEAR} AND born_month_l = born_month_r AND born_day_l = born_day_r",
            m=0.78,
            u=3.5e-5,
            fixed_u=True,
        ),
        Level(
            code="birth_exchanged",
            says="day and month of the birth date exchanged",
            sql=f"NOT {_ROUGH} AND {_SAME_YEAR} AND born_month_l = born_day_r AND born_day_l = born_month_r",
            m=0.03,
            u=1.2e-5,
            fixed_u=True,
        ),
        Level(
            code="birth_one_part",
            says="one part of the birth date differs",
            sql=f"NOT {_ROUGH} AND ("
            f"({_SAME_YEAR} AND (born_month_l = born_month_r OR born_day_l = born_day_r)) OR "
            "(born_month_l = born_month_r AND born_day_l = born_day_r "
            "AND abs(born_year_l - born_year_r) IN (1, 2, 10)))",
            m=0.06,
            u=1.5e-3,
        ),
        Level(
            code="birth_days_apart",
            says="the birth dates are at most ten days apart",
            sql=f"NOT {_ROUGH} AND abs(born_days_l - born_days_r) <= 10",
            m=0.01,
            u=2e-4,
        ),
        Level(
            code="birth_same_year",
            says="the same year of birth, of which no more is known (1 January counts as the year only)",
            sql=f"{_ROUGH} AND {_SAME_YEAR}",
            m=0.08,
            u=1.2e-3,
        ),
        Level(
            code="birth_next_year",
            says="neighbouring years of birth, of which no more is known",
            sql=f"{_ROUGH} AND abs(born_year_l - born_year_r) = 1",
            m=0.005,
            u=2.4e-3,
        ),
        Level(code="birth_differs", says="another birth date", sql=None, m=0.015, u=0.274),
    ),
    "sex": (
        Level(code="no_sex", says="a sex is not known", sql="sex_l IS NULL OR sex_r IS NULL"),
        Level(code="sex_same", says="the same sex", sql="sex_l = sex_r", m=0.985, u=0.5),
        Level(code="sex_differs", says="another sex", sql=None, m=0.015, u=0.5),
    ),
    "citizenship": (
        Level(
            code="no_citizenship",
            says="a citizenship is not known",
            sql="citizenship_l IS NULL OR citizenship_r IS NULL",
        ),
        Level(
            code="citizenship_same",
            says="the same citizenship",
            sql="citizenship_l = citizenship_r",
            m=0.95,
            u=0.08,
            frequency="citizenship",
        ),
        Level(
            code="citizenship_shared",
            says="one citizenship in common",
            sql="array_contains(citizenships_l, citizenship_r) OR array_contains(citizenships_r, citizenship_l)",
            m=0.02,
            u=0.01,
            fixed_u=True,
        ),
        Level(code="citizenship_differs", says="another citizenship", sql=None, m=0.03, u=0.91),
    ),
    "document": (
        Level(
            code="no_document",
            says="a document is not known",
            sql="document_l IS NULL OR document_r IS NULL",
        ),
        Level(
            code="document_same",
            says="the same document number",
            sql="array_contains(documents_l, document_r) OR array_contains(documents_r, document_l)",
            m=0.6,
            u=1e-7,
            fixed_u=True,
        ),
        Level(code="document_differs", says="another document number", sql=None, m=0.4, u=1.0, fixed_u=True),
    ),
}
"""Every comparison with its levels. A birth on 1 January counts as "in that year" only."""

COLUMNS: Final = (
    "unique_id",
    "place",
    "named",
    "kin",
    *(f"near_{level}" for level in range(1, NAME_LEVELS + 1)),
    "born_year",
    "born_month",
    "born_day",
    "born_days",
    "born_rough",
    "sex",
    "citizenship",
    "citizenships",
    "document",
    "documents",
)
"""The columns that the settings read; `columns.py` says what stands in each."""


def settings(
    names_u: tuple[float, ...] | None = None, birth_u: float | None = None, prior: float = 1e-4
) -> dict[str, Any]:
    """Splink's settings as plain data (`SettingsCreator.from_path_or_dict` takes them), fit for any of its engines.

    `names_u`: how often names of two people are of one family, and alike at levels 5 to 1, counted in this register;
    None: as shipped. `birth_u`: how often two people of this register are born on one day by chance; None: as shipped.
    `prior`: the probability that two records drawn at random are one person.
    """
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": prior,
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": True,
        "max_iterations": 40,
        "comparisons": [_comparison(about, levels, names_u, birth_u) for about, levels in COMPARISONS.items()],
        "blocking_rules_to_generate_predictions": [],
    }


def chances_of_levels(about: About, names_u: tuple[float, ...] | None, birth_u: float | None) -> dict[str, float]:
    """`u` of each level that has one, by its code: counted in a register where it was, else as shipped."""
    levels = COMPARISONS[about]
    counted: dict[str, float] = {} if birth_u is None else {"birth_same": birth_u}
    if about == "names" and names_u is not None:
        coded = [level.code for level in levels if level.m is not None]
        counted = dict(zip(coded, (*names_u, max(1e-6, 1 - sum(names_u))), strict=True))
        # kin is weighed as shipped whatever its share: its m is not learned
        counted["names_kin"] = next(level.u for level in levels if level.code == "names_kin" and level.u is not None)
    return {level.code: counted.get(level.code, level.u) for level in levels if level.u is not None}


def _comparison(
    about: About, levels: tuple[Level, ...], names_u: tuple[float, ...] | None, birth_u: float | None
) -> dict[str, Any]:
    chance = chances_of_levels(about, names_u, birth_u)
    made = []
    for level in levels:
        stated: dict[str, Any] = {"sql_condition": level.sql or "ELSE", "label_for_charts": level.code}
        if level.m is None:
            stated["is_null_level"] = True
        else:
            stated |= {"m_probability": level.m, "u_probability": chance[level.code]}
            if level.fixed_u:
                stated["fix_u_probability"] = True
            if level.fixed_m:
                stated["fix_m_probability"] = True
            if level.frequency is not None:
                stated["tf_adjustment_column"] = level.frequency
        made.append(stated)
    return {"output_column_name": about, "comparison_levels": made}
