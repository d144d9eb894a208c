"""What primary care saw, in codes of our own, and what each counts as on the WHO's daily form.

The WHO form (EMT Minimum Data Set, daily reporting form endorsed in 2017, items MDS 1 to 50) puts most of primary
care under "other diagnosis"; these codes keep it apart, and the form can still be filled. `sure` is false where the
form's own definition leaves room for another item; `docs/reference/care.md` lists those.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from corridor.base.ids import PersonId, PlaceId
from corridor.base.moments import Span
from corridor.journey.register.events import Sex

if TYPE_CHECKING:
    from corridor.journey.care.state import Encounter

CodeGroup = Literal[
    "trauma", "infectious", "emergency", "chronic", "pregnancy", "child_health", "disability", "psychological",
    "other", "procedure", "protection",
]  # fmt: skip

MDS_ITEMS: Mapping[int, str] = {
    1: "Male",
    2: "Female, not pregnant",
    3: "Female, pregnant",
    4: "Major head or spine injury",
    5: "Major torso injury",
    6: "Major extremity injury",
    7: "Moderate injury",
    8: "Minor injury",
    9: "Acute respiratory infection",
    10: "Acute watery diarrhoea",
    11: "Acute bloody diarrhoea",
    12: "Acute jaundice syndrome",
    13: "Suspected measles",
    14: "Suspected meningitis",
    15: "Suspected tetanus",
    16: "Acute flaccid paralysis",
    17: "Acute haemorrhagic fever",
    18: "Fever of unknown origin",
    # 19 to 22 are left to the emergency's own authorities
    23: "Surgical emergency, not trauma",
    24: "Medical emergency, not infectious",
    25: "Skin disease",
    26: "Acute mental health problem",
    27: "Obstetric complication",
    28: "Severe acute malnutrition",
    29: "Other diagnosis",
    30: "Major procedure",
    31: "Limb amputation, digits excluded",
    32: "Minor surgical procedure",
    33: "Normal vaginal delivery",
    34: "Caesarean section",
    35: "Obstetrics, other",
    36: "Discharge without medical follow-up",
    37: "Discharge with medical follow-up",
    38: "Discharge against medical advice",
    39: "Referral",
    40: "Admission",
    41: "Dead on arrival",
    42: "Death within facility",
    43: "Requiring long-term rehabilitation",
    44: "Directly related to the event",
    45: "Indirectly related to the event",
    46: "Not related to the event",
    47: "Vulnerable child",
    48: "Vulnerable adult",
    49: "Sexual or gender-based violence",
    50: "Violence, other",
}
"""Items of the form by number. Names shortened."""

OTHER_DIAGNOSIS = 29


@dataclass(frozen=True, slots=True)
class Code:
    """One code: its word, what it means, and the form's item; `sure` says that the form leaves no doubt."""

    code: str
    group: CodeGroup
    meaning: str
    mds: int
    sure: bool = True


CODES: Mapping[str, Code] = {
    row.code: row
    for row in (
        Code("head_spine_injury", "trauma", "Major injury of head, face or spine", 4),
        Code("torso_injury", "trauma", "Major injury of chest, belly or pelvis", 5),
        Code("extremity_injury", "trauma", "Major injury of arm or leg", 6),
        Code("moderate_injury", "trauma", "Injury that needs more than first aid, not life or limb", 7),
        Code("minor_injury", "trauma", "Injury treated with first aid", 8),
        Code("burn_moderate", "trauma", "Burn that needs more than first aid", 7, sure=False),
        Code("burn_minor", "trauma", "Burn treated with first aid", 8, sure=False),
        Code("blast_wound_old", "trauma", "Wound of earlier days, still healing or infected", 7, sure=False),
        Code("respiratory_infection", "infectious", "Cough, cold or pneumonia, acute", 9),
        Code("watery_diarrhoea", "infectious", "Acute watery diarrhoea", 10),
        Code("bloody_diarrhoea", "infectious", "Acute bloody diarrhoea", 11),
        Code("jaundice", "infectious", "Acute jaundice, hepatitis suspected", 12),
        Code("measles_suspected", "infectious", "Measles suspected", 13),
        Code("meningitis_suspected", "infectious", "Meningitis suspected", 14),
        Code("tetanus_suspected", "infectious", "Tetanus suspected", 15),
        Code("flaccid_paralysis", "infectious", "Acute flaccid paralysis", 16),
        Code("haemorrhagic_fever", "infectious", "Acute haemorrhagic fever", 17),
        Code("fever", "infectious", "Fever of unknown origin", 18),
        Code("scabies_lice", "infectious", "Scabies or lice", 25),
        Code("chickenpox", "infectious", "Chickenpox", 29, sure=False),
        Code("tuberculosis_suspected", "infectious", "Tuberculosis suspected", 29, sure=False),
        Code("urinary_infection", "infectious", "Infection of the urinary tract", 29),
        Code("eye_ear_infection", "infectious", "Infection of eye or ear", 29, sure=False),
        Code("surgical_emergency", "emergency", "Acute abdomen or other surgical emergency", 23),
        Code("heart_emergency", "emergency", "Chest pain, suspected heart attack or failure", 24),
        Code("stroke_suspected", "emergency", "Stroke suspected", 24),
        Code("diabetic_emergency", "emergency", "Sugar far too high or too low", 24),
        Code("asthma_attack", "emergency", "Acute attack of asthma", 24),
        Code("seizure", "emergency", "Seizure", 24),
        Code("dehydration", "emergency", "Severe dehydration or exhaustion", 24, sure=False),
        Code("hypertension", "chronic", "High blood pressure", 29),
        Code("diabetes", "chronic", "Diabetes, care or medicine", 29),
        Code("heart_disease", "chronic", "Disease of the heart, lasting", 29),
        Code("lung_disease", "chronic", "Asthma or other lasting disease of the lungs", 29),
        Code("kidney_disease", "chronic", "Disease of the kidneys, dialysis", 29),
        Code("cancer", "chronic", "Cancer, under treatment or suspected", 29),
        Code("epilepsy", "chronic", "Epilepsy, care or medicine", 29),
        Code("medicine_refill", "chronic", "Medicine renewed", 29),
        Code("antenatal_check", "pregnancy", "Check of a healthy pregnancy", 29),
        Code("obstetric_complication", "pregnancy", "Complication of pregnancy or birth", 27),
        Code("miscarriage", "pregnancy", "Miscarriage, threatened or complete", 27),
        Code("postnatal_check", "pregnancy", "Check of a mother after birth", 29),
        Code("child_check", "child_health", "Check of a healthy child", 29),
        Code("vaccination", "child_health", "Vaccination", 29, sure=False),
        Code("feeding_problem", "child_health", "Feeding of an infant", 29),
        Code("malnutrition_moderate", "child_health", "Moderate malnutrition", 29),
        Code("malnutrition_severe", "child_health", "Severe acute malnutrition", 28),
        Code("newborn_problem", "child_health", "Illness of a newborn", 29, sure=False),
        Code("mobility_disability", "disability", "Cannot walk, or only with an aid", 29),
        Code("sight_hearing_disability", "disability", "Does not see or hear, or little", 29),
        Code("intellectual_disability", "disability", "Needs guidance to understand", 29),
        Code("prosthesis_aid", "disability", "Prosthesis or aid fitted or mended", 29),
        Code("acute_stress", "psychological", "Acute stress reaction, panic", 26),
        Code("danger_to_self", "psychological", "Danger to oneself or others", 26),
        Code("psychosis", "psychological", "Psychosis", 26),
        Code("grief_sleep", "psychological", "Grief, sleeplessness, low mood", 26, sure=False),
        Code("mental_illness_known", "psychological", "Known mental illness, care or medicine", 29, sure=False),
        Code("skin_disease", "other", "Disease of the skin", 25),
        Code("pain", "other", "Pain of head, back or joints", 29),
        Code("stomach", "other", "Stomach or bowel complaint, no acute diarrhoea", 29),
        Code("dental", "other", "Teeth", 29),
        Code("eye_ear", "other", "Eyes or ears, no infection", 29),
        Code("gynaecological", "other", "Gynaecological complaint", 29),
        Code("other_illness", "other", "Something else", 29),
        Code("no_illness", "other", "Examined, nothing found", 29, sure=False),
        Code("major_procedure", "procedure", "Operation under general or regional anaesthesia", 30),
        Code("amputation", "procedure", "Amputation of a limb, not of fingers or toes", 31),
        Code("minor_surgery", "procedure", "Wound cleaned or sutured, abscess opened", 32),
        Code("normal_birth", "procedure", "Normal birth", 33),
        Code("caesarean", "procedure", "Caesarean section", 34),
        Code("obstetric_procedure", "procedure", "Other obstetric procedure", 35),
        Code("vulnerable_child", "protection", "Child without protection", 47),
        Code("vulnerable_adult", "protection", "Adult without protection", 48),
        Code("sexual_violence", "protection", "Sexual or gender-based violence", 49),
        Code("violence", "protection", "Other violence", 50),
    )
}
"""The closed table, by word."""

PREGNANT_CODES = frozenset({"antenatal_check", "obstetric_complication"})
"""Codes that say the person is pregnant now."""


def encounters_at(encounters: Iterable[Encounter], place: PlaceId, during: Span) -> tuple[Encounter, ...]:
    """The encounters of a place during a span, e.g. a day of the operation's zone."""
    return tuple(one for one in encounters if one.place == place and during.holds(one.at))


def mds_tally(encounters: Iterable[Encounter], sexes: Mapping[PersonId, Sex] | None = None) -> dict[int, int]:
    """The WHO form's items and how many encounters count under each; items with none are left out.

    An encounter counts once under an item however many of its codes lead there. Items 1 to 3 are filled for persons
    whose sex is in `sexes` (and is one the form knows). A code that is not in the table counts as "other diagnosis".
    """
    tally: Counter[int] = Counter()
    for one in encounters:
        items = {CODES[code].mds if code in CODES else OTHER_DIAGNOSIS for code in one.codes}
        items |= _outcome_items(one) | _sex_items(one, sexes or {})
        if one.relation is not None:
            items.add({"direct": 44, "indirect": 45, "not_related": 46}[one.relation])
        tally.update(items)
    return dict(sorted(tally.items()))


def _outcome_items(one: Encounter) -> set[int]:
    if one.outcome in ("dead_on_arrival", "died"):
        return {41 if one.outcome == "dead_on_arrival" else 42}
    treated = 37 if one.outcome in ("follow_up", "rehabilitation") else 36
    items = {{"treated": treated, "refused": 38, "referred": 39, "admitted": 40}[one.disposition]}
    return items | {43} if one.outcome == "rehabilitation" else items


def _sex_items(one: Encounter, sexes: Mapping[PersonId, Sex]) -> set[int]:
    items: set[int] = set()
    for person in one.persons:
        sex = sexes.get(person)
        if sex == "male":
            items.add(1)
        elif sex == "female":
            items.add(3 if PREGNANT_CODES & set(one.codes) else 2)
    return items
