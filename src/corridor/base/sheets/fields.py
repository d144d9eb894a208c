"""Which fields can a table of people, a list or a table of events have, and under which header words?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from corridor.base.sheets.text import plain

Kind = Literal["people", "list", "events"]
KINDS: tuple[Kind, ...] = ("people", "list", "events")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a kind of table.

    `means` says what it holds, `words` the headers it is known by (English, Russian, Arabic, transliterated).
    `many`: several columns may feed it. `needed` names a group of fields of which a table must have one;
    None: it may be missing.
    """

    name: str
    means: str
    words: tuple[str, ...]
    many: bool = False
    needed: str | None = None


def _field(name: str, means: str, words: str, *, many: bool = False, needed: str | None = None) -> Field:
    return Field(
        name=name,
        means=means,
        words=tuple(word.strip() for word in words.split("|")),
        many=many,
        needed=needed,
    )


_FULL_NAME = (
    "name|full name|fullname|names|name and surname|name surname|complete name|passenger name|person|applicant|"
    "name of person|traveller|traveler|evacuee|guest name|"
    "ФИО|Ф.И.О.|фамилия имя отчество|фамилия имя|имя и фамилия|фамилия и имя|полное имя|гражданин|заявитель|"
    "пассажир|фио полностью|fio|f.i.o.|familiya imya otchestvo|polnoe imya|"
    "الاسم|الاسم الكامل|اسم|الإسم|الاسم الرباعي|الاسم الثلاثي|الاسم بالكامل|الاسم واللقب|اسم المسافر|اسم الشخص|"
    "al ism|al ism al kamil|ism|الأسماء"
)
_NAME_LATIN = (
    "name latin|name in latin|latin name|name english|name in english|english name|name en|name as in passport|"
    "name in passport|passport name|фио латиницей|фио латинскими буквами|имя латиницей|фио лат|фио на английском|"
    "имя на английском|фио англ|фио в загранпаспорте|имя по паспорту|fio latinitsey|"
    "الاسم بالانجليزية|الاسم بالإنجليزي|الاسم باللغة الإنجليزية|الاسم اللاتيني|الاسم كما في جواز السفر"
)
_NAME_CYRILLIC = (
    "name cyrillic|name in cyrillic|cyrillic name|name russian|name in russian|russian name|name ru|фио кириллицей|"
    "фио на русском|фио русский|имя на русском|фио рус|фио по русски|имя кириллицей|фио кириллица|"
    "الاسم بالروسية|الاسم باللغة الروسية|الاسم الروسي"
)
_NAME_ARABIC = (
    "name arabic|name in arabic|arabic name|name ar|фио на арабском|имя на арабском|фио арабский|фио араб|"
    "имя арабское|"
    "имя арабскими буквами|الاسم بالعربية|الاسم بالعربي|الاسم باللغة العربية|الاسم العربي"
)
_BIRTH_DATE = (
    "birth date|date of birth|dob|d.o.b.|birthdate|birthday|born|born on|birth|date birth|birth year|year of birth|"
    "дата рождения|д.р.|др|д/р|рождение|дата рожд|родился|год рождения|г.р.|дата рождения полностью|"
    "число месяц год рождения|"
    "data rozhdeniya|data rojdeniya|data rozhd|god rozhdeniya|"
    "تاريخ الميلاد|تاريخ الولادة|الميلاد|ت الميلاد|ميلاد|سنة الميلاد|tarikh al milad|tareekh al milad|tarikh milad"
)
_AGE = "age|age years|years old|возраст|лет|полных лет|возраст лет|vozrast|العمر|السن|عمر|al omr|al umr"
_SEX = "sex|gender|m/f|sex m f|пол|пол м ж|м/ж|pol|الجنس|جنس|النوع|al jins|jins"
_CITIZENSHIP = (
    "citizenship|citizenships|nationality|nationalities|citizen of|country of citizenship|country of nationality|"
    "nat|country|second citizenship|other citizenship|other citizenships|dual citizenship|second nationality|"
    "citizenship 1|citizenship 2|nationality 1|nationality 2|"
    "гражданство|гражданства|подданство|страна гражданства|второе гражданство|иное гражданство|другое гражданство|"
    "двойное гражданство|гражданство 1|гражданство 2|страна|национальность|grazhdanstvo|grajdanstvo|"
    "الجنسية|جنسية|الجنسيات|الجنسية الثانية|الجنسية الأخرى|بلد الجنسية|al jinsiya|jinsiya|al jinsiyya"
)
_DOCUMENT_NUMBER = (
    "passport no|passport number|passport|passport num|pass no|ppt no|pp no|passport id|document number|document no|"
    "doc no|doc number|document|travel document|travel document no|id number|id no|identity number|national id|"
    "number of passport|passport nr|passport n|passport series and number|"
    "номер паспорта|паспорт|№ паспорта|паспорт №|номер документа|документ|№ документа|серия и номер паспорта|"
    "серия номер|серия и номер|паспортные данные|номер загранпаспорта|загранпаспорт|данные паспорта|документ номер|"
    "серия и номер документа|nomer pasporta|pasport|n pasporta|"
    "رقم الجواز|رقم جواز السفر|جواز السفر|رقم الوثيقة|الجواز|جواز سفر|رقم الهوية|الهوية|رقم جواز|رقم الباسبور|"
    "raqm al jawaz|raqam al jawaz|jawaz|jawaz al safar"
)
_REMARK = (
    "remark|remarks|note|notes|comment|comments|other|other information|additional information|"
    "примечание|примечания|заметки|комментарий|комментарии|прим|дополнительно|доп информация|primechanie|"
    "ملاحظات|ملاحظة|ملاحظه|molahazat|mulahazat"
)
_NAME_OF_A_PERSON = "a name"

PEOPLE: tuple[Field, ...] = (
    _field(
        "reference",
        "our own number of the person or application; says that a row is the same again",
        "reference|ref|ref no|reference number|own reference|our reference|application|application no|"
        "application number|"
        "case|case no|case number|case id|person id|person no|registration number|registration no|uid|"
        "номер заявки|№ заявки|заявка|номер заявления|заявление|номер дела|рег номер|регистрационный номер|ид|"
        "идентификатор|код|nomer zayavki|رقم الطلب|رقم المرجع|المرجع|رقم التسجيل|رقم الملف|raqm al talab",
    ),
    _field("full_name", "the whole name, as written", _FULL_NAME, needed=_NAME_OF_A_PERSON),
    _field(
        "surname",
        "family name, as written",
        "surname|last name|lastname|family name|familyname|фамилия|фамилия в паспорте|familiya|familia|"
        "اسم العائلة|اللقب|الكنية|الشهرة|العائلة اللقب|ism al aila|al laqab",
        needed=_NAME_OF_A_PERSON,
    ),
    _field(
        "given",
        "given name or names, as written",
        "given name|given names|first name|firstname|forename|forenames|given|имя|имена|личное имя|imya|"
        "الاسم الأول|الاسم الشخصي|al ism al awwal",
        needed=_NAME_OF_A_PERSON,
    ),
    _field(
        "patronymic",
        "patronymic, father's or middle name, as written",
        "patronymic|middle name|middle names|father name|fathers name|father's name|second name|отчество|имя отца|"
        "otchestvo|اسم الأب|اسم الاب|الاسم الأوسط|اسم الوالد|ism al ab",
    ),
    _field("name_latin", "the whole name in Latin letters", _NAME_LATIN, needed=_NAME_OF_A_PERSON),
    _field("name_cyrillic", "the whole name in Cyrillic letters", _NAME_CYRILLIC, needed=_NAME_OF_A_PERSON),
    _field("name_arabic", "the whole name in Arabic letters", _NAME_ARABIC, needed=_NAME_OF_A_PERSON),
    _field("birth_date", "date of birth, to the day, month or year", _BIRTH_DATE),
    _field("age", "age in years on the reference date; used when there is no date of birth", _AGE),
    _field("sex", "male or female", _SEX),
    _field("citizenships", "citizenship or citizenships, the first one is the one counted", _CITIZENSHIP, many=True),
    _field(
        "document_type",
        "type of the travel document",
        "document type|doc type|type of document|type of doc|id type|passport type|kind of document|"
        "тип документа|вид документа|тип паспорта|tip dokumenta|vid dokumenta|نوع الوثيقة|نوع الجواز|"
        "نوع المستند|نوع الهوية",
    ),
    _field("document_number", "number of the travel document", _DOCUMENT_NUMBER),
    _field(
        "document_valid_until",
        "last day the document is valid",
        "valid until|valid till|valid to|expiry|expiry date|expires|expires on|date of expiry|expiration date|"
        "passport expiry|passport expiry date|passport valid until|document valid until|expiration|validity|"
        "действителен до|действует до|срок действия|годен до|срок действия паспорта|дата окончания|действ до|"
        "дата окончания срока действия|srok deystviya|تاريخ الانتهاء|صالح حتى|تاريخ انتهاء الجواز|"
        "تاريخ الإنتهاء|انتهاء الصلاحية|"
        "صلاحية الجواز",
    ),
    _field(
        "document_issuer",
        "who issued the document",
        "issuer|issued by|issuing authority|issuing country|country of issue|place of issue|passport issued by|"
        "кем выдан|выдан|орган выдачи|страна выдачи|место выдачи|kem vydan|جهة الإصدار|مكان الإصدار|"
        "بلد الإصدار|صادر عن",
    ),
    _field(
        "party",
        "key of the party (family) the person belongs to",
        "party|party no|party id|family|family no|family number|family id|family group|group|group no|household|"
        "household id|household no|hh|hh id|семья|№ семьи|номер семьи|код семьи|семейная группа|группа|"
        "domohozyaystvo|"
        "semya|nomer semi|العائلة|رقم العائلة|الأسرة|رقم الأسرة|الاسرة|المجموعة|al aila|al usra",
    ),
    _field(
        "relation",
        "how the person is related to the head of the party or the citizen",
        "relation|relationship|relation to head|relationship to head|relation to applicant|kinship|"
        "family relation|role|"
        "степень родства|родство|отношение|кем приходится|родственная связь|отношение к главе семьи|rodstvo|"
        "stepen rodstva|صلة القرابة|القرابة|العلاقة|صلة القربى|silat al qaraba",
    ),
    _field(
        "head",
        "whether the person is the head of the party",
        "head|head of family|head of household|head of party|family head|глава семьи|глава|glava semi|"
        "رب الأسرة|رب العائلة",
    ),
    _field(
        "phone",
        "telephone numbers",
        "phone|telephone|phone number|phone no|tel|tel no|mobile|mobile no|mobile number|cell|cell phone|contact|"
        "contact number|contact phone|contact no|whatsapp|phone 1|phone 2|telegram phone|"
        "телефон|тел|номер телефона|моб|мобильный|мобильный телефон|контактный телефон|контакт|контакты|"
        "телефон 1|телефон 2|"
        "telefon|nomer telefona|الهاتف|رقم الهاتف|هاتف|الجوال|رقم الجوال|جوال|موبايل|التلفون|رقم التواصل|"
        "raqm al hatif|واتساب",
        many=True,
    ),
    _field(
        "email",
        "mail address",
        "email|e-mail|mail|email address|e mail address|почта|эл почта|электронная почта|"
        "адрес электронной почты|имейл|"
        "pochta|البريد الإلكتروني|البريد|الايميل|ايميل",
    ),
    _field(
        "needs",
        "what the person needs on the way, as written",
        "needs|special needs|medical|medical needs|medical condition|health|disability|assistance|vulnerability|"
        "потребности|особые потребности|состояние здоровья|здоровье|инвалидность|медицинские показания|диагноз|"
        "нуждаемость|potrebnosti|الاحتياجات|الاحتياجات الخاصة|الحالة الصحية|احتياجات خاصة|الاعاقة|المرض",
        many=True,
    ),
    _field(
        "place",
        "where the person is, as written",
        "place|location|current location|address|whereabouts|city|area|governorate|shelter|district|"
        "место|местонахождение|местоположение|адрес|город|место нахождения|где находится|район|место пребывания|"
        "mestonahozhdenie|adres|المكان|مكان التواجد|العنوان|الموقع|مكان الإقامة|المدينة|المحافظة|al makan",
    ),
    _field("remark", "anything else, as written", _REMARK, many=True),
)

LIST: tuple[Field, ...] = (
    _field(
        "row_number",
        "the list's own number of the row",
        "no|no.|n|nr|number|№|№ п/п|n п/п|п/п|номер|номер п/п|serial|serial no|serial number|s no|sn|s n|sl no|row|"
        "row no|row number|item|line|порядковый номер|nomer|رقم|م|الرقم|ت|رقم تسلسلي|الرقم التسلسلي|مسلسل|"
        "التسلسل|raqm|العدد",
    ),
    _field(
        "name",
        "the name as the authority wrote it, in any script",
        "|".join((_FULL_NAME, _NAME_LATIN, _NAME_ARABIC, _NAME_CYRILLIC)),
        needed=_NAME_OF_A_PERSON,
    ),
    _field("birth_date", "date of birth, to the day, month or year", _BIRTH_DATE),
    _field("age", "age in years on the reference date; used when there is no date of birth", _AGE),
    _field("citizenship", "citizenship or citizenships stated for the person", _CITIZENSHIP),
    _field("document_number", "number of the travel document", _DOCUMENT_NUMBER),
    _field(
        "group",
        "the nationality group or heading the authority put the person under, as written",
        "group|nationality group|embassy|foreign nationality|sponsor|sponsor country|delegation|listed under|"
        "группа|посольство|группа граждан|делегация|gruppa|posolstvo|المجموعة|السفارة|الجالية|البعثة|"
        "المجموعة الجنسية",
    ),
    _field("remark", "anything else, as written", _REMARK, many=True),
)

EVENTS: tuple[Field, ...] = (
    _field(
        "kind",
        "what kind of event it is, e.g. crossed",
        "kind|event|event kind|event type|type of event|type|событие|вид события|тип события|вид|тип|sobytie|"
        "الحدث|نوع الحدث|نوع|hadath",
        needed="the kind",
    ),
    _field(
        "happened_at",
        "when it happened; with a zone, or in the operation's zone",
        "happened at|at|when|time|date|date time|datetime|date and time|timestamp|moment|occurred at|event time|"
        "event date|время|дата|дата и время|дата время|когда|момент|время события|vremya|data|data i vremya|"
        "الوقت|التاريخ|التاريخ والوقت|وقت الحدث|تاريخ الحدث|waqt|tarikh",
        needed="the time",
    ),
    _field(
        "persons",
        "ids of the persons concerned, separated by commas, semicolons or spaces",
        "persons|person|people|person ids|person id|persons ids|who|кто|люди|лица|персоны|id людей|человек|ид людей|"
        "persony|الأشخاص|الشخص|من|ashkhas",
        many=True,
    ),
    _field(
        "source",
        "account the persons left, where it moves them",
        "source|from|source account|origin|откуда|из|источник|счет источник|otkuda|المصدر|من حساب|من أين",
    ),
    _field(
        "target",
        "account the persons entered, where it moves them",
        "target|to|target account|destination|куда|в|назначение|цель|kuda|الوجهة|إلى|الهدف|إلى حساب",
    ),
    _field(
        "by",
        "who recorded it",
        "by|recorded by|user|officer|recorder|кем|кто записал|записал|офицер|сотрудник|пользователь|kem|"
        "بواسطة|المسجل|الموظف|الضابط",
    ),
    _field(
        "body",
        "the body of the event, a JSON object",
        "body|json|data json|details|payload|тело|данные|подробности|dannye|البيانات|التفاصيل|تفاصيل",
    ),
)

FIELDS: dict[Kind, tuple[Field, ...]] = {"people": PEOPLE, "list": LIST, "events": EVENTS}


@cache
def words_of(kind: Kind) -> dict[str, Field]:
    """Every header word of a kind, made plain, with its field; the first field to name a word has it."""
    words: dict[str, Field] = {}
    for field in FIELDS[kind]:
        for word in (field.name, *field.words):
            words.setdefault(plain(word), field)
    return words


@cache
def known_words() -> frozenset[str]:
    """Every header word of every kind, made plain: what a header row is recognised by."""
    return frozenset(word for kind in KINDS for word in words_of(kind))
