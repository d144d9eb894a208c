"""The operation file that a newcomer starts from: small, invented, every section explained."""

from __future__ import annotations


def example_text() -> str:
    """A commented operation file that loads as it is: what `corridor new DIR` writes."""
    return _EXAMPLE


_EXAMPLE = """\
# An operation file: the one description of an evacuation that every part of Corridor reads.
# This one is invented: an island harbour is unsafe, people come home by ferry and aeroplane.
# Change it to yours; every key is explained in docs/reference/operation-file.md.
# A line that starts with '#' is a remark. Remove the '#' to use the key behind it.

# A short name for folders and commands: small letters, digits, '-'.
name = "harbour-drill"
# What people read, in each language of the operation.
titles = { en = "Evacuation of the Northern Harbour", ru = "Эвакуация из Северной гавани" }
# Languages of pages and reports, the first is used where another is missing.
languages = ["en", "ru"]
# Days are counted and times are told in this zone (an IANA name).
as_of_zone = "Europe/Moscow"
# When it began and ended. Leave out what is not known: it then begins with the first record.
# started = 2030-05-02T08:00:00+02:00
# ends = 2030-05-20T20:00:00+03:00
# Country where people are in danger, three letters as in passports.
origin_country = "EGY"

# Who may come: holders of these citizenships, and relatives of these kinds.
[eligibility]
own_citizenships = ["RUS"]
relatives = ["spouse", "child", "parent"]

# Seats of our own vehicles: our people first? How many percent must be offered to partners?
[seat_share]
sponsor_first = true
offered_to_partners_percent_min = 30

# Places, in the order people pass them. Roles: origin (in danger), gate, transit, staging, home, shelter.
# Whoever is at any place but an origin counts as out.
[[places]]
id = "harbour"
names = { en = "Northern Harbour", ru = "Северная гавань" }
role = "origin"
zone = "Africa/Cairo"
country = "EGY"

[[places]]
id = "ferry-port"
names = { en = "Ferry port", ru = "Паромный порт" }
role = "transit"
zone = "Asia/Nicosia"
country = "CYP"

[[places]]
id = "camp"
names = { en = "Staging camp", ru = "Пункт сбора" }
role = "staging"
zone = "Asia/Nicosia"
country = "CYP"
# Degrees, for the map; and people who can sleep there.
latitude = 34.88
longitude = 33.63
beds = 300

[[places]]
id = "home-airport"
names = { en = "Home airport", ru = "Аэропорт прибытия" }
role = "home"
zone = "Europe/Moscow"
country = "RUS"

[[places]]
id = "hostel"
names = { en = "Hostel", ru = "Общежитие" }
role = "shelter"
zone = "Europe/Moscow"
country = "RUS"
beds = 60

# Ways from one place to another, in that direction: foot, bus, air, sea or rail.
# minutes: as a rule; minutes_min: the fastest anyone could be, used to notice impossible records.
[[legs]]
id = "ferry"
source = "harbour"
target = "ferry-port"
mode = "sea"
minutes = 600
minutes_min = 300
capacity_persons_per_day = 400

[[legs]]
id = "shuttle"
source = "ferry-port"
target = "camp"
mode = "bus"
minutes = 40
minutes_min = 20

[[legs]]
id = "flight"
source = "camp"
target = "home-airport"
mode = "air"
minutes = 240
minutes_min = 180

[[legs]]
id = "to-the-hostel"
source = "home-airport"
target = "hostel"
mode = "bus"
minutes = 50
minutes_min = 20

# Services at places, with local hours (leave both out: always open), rate, officers and room for a queue.
[[stations]]
id = "harbour-gate"
place = "harbour"
service = "gate"
opens = "07:00"
closes = "18:00"
persons_per_hour = 60
officers = 3
persons_max = 200

[[stations]]
id = "camp-documents"
place = "camp"
service = "documents"
persons_per_hour = 20
officers = 2

# Authorities that publish lists of who may pass. list_policy: does a new list replace the earlier ones, or add to them?
[[authorities]]
id = "port-authority"
names = { en = "Port authority", ru = "Администрация порта" }
list_policy = "replace"

[[authorities]]
id = "border-guard"
names = { en = "Border guard", ru = "Пограничная служба" }
# Only for these citizenships; leave it out for everybody.
counts_for = ["RUS", "KAZ"]
# Letters to it are written in this language of the operation; leave it out for the language of whoever writes.
language = "ru"

# How many of which authorities must list a person before a leg, and for how long that holds.
[[clearance_rules]]
for_leg = "ferry"
of = ["port-authority", "border-guard"]
needed = 2
valid_hours = 48

# Stays that run out, counted from arriving at a place.
[[permits]]
id = "transit"
names = { en = "Transit permit, 72 hours", ru = "Транзитное разрешение, 72 часа" }
hours = 72
starts_at = "ferry-port"

# What must be shown before a leg: any one of these papers. Leave for_citizenships out for everybody.
[[paper_rules]]
id = "boarding"
names = { en = "A paper to board with", ru = "Документ для посадки" }
for_leg = "ferry"
any_of = ["passport", "return_certificate", "laissez_passer"]
for_citizenships = ["RUS"]
issued_by_own = true  # a passport of another state does not do; what our consul draws up does

# Vehicles; seats, stretchers and wheelchairs are of one vehicle.
[[fleets]]
id = "ferries"
names = { en = "Ferry", ru = "Паром" }
kind = "passenger ferry"
mode = "sea"
vehicles = 1
seats = 200
stretchers = 4
wheelchairs = 6
turnaround_minutes = 120

[[fleets]]
id = "buses"
names = { en = "Buses", ru = "Автобусы" }
kind = "coach"
mode = "bus"
vehicles = 5
seats = 40
wheelchairs = 1

[[fleets]]
id = "aeroplane"
names = { en = "Aeroplane", ru = "Самолёт" }
kind = "airliner"
mode = "air"
vehicles = 1
seats = 120
stretchers = 2
wheelchairs = 2
legs = ["flight"]
# partner = "neighbour" would say that a partner state lends it.

# Escorts that one movement of the fleet above needs: at least so many, and one for every so many people.
[[fleets.escorts]]
role = "doctor"
at_least = 1

[[fleets.escorts]]
role = "psychologist"
per_persons = 50
takes_seat = true

# One for every two stretchers; counted may also be "medical" or "psychological".
[[fleets.escorts]]
role = "doctor"
per_persons = 2
counted = "stretchers"

# How many escorts there are, and how long they are away with a flight: the plan counts them.
[[escort_pools]]
role = "doctor"
place = "camp"
count = 4
back_hours = 48

# Who goes first: priority 1 before 2. Each [[categories.when]] is one way to belong to the category above it.
[[categories]]
id = "wounded-and-ill"
names = { en = "Wounded and ill", ru = "Раненые и больные" }
priority = 1

[[categories.when]]
needs = ["stretcher", "oxygen"]

[[categories]]
id = "families-with-children"
names = { en = "Families with small children", ru = "Семьи с маленькими детьми" }
priority = 2

[[categories.when]]
age_bands = ["infant", "child"]

# Without conditions: everybody else.
[[categories]]
id = "everybody"
names = { en = "Everybody else", ru = "Остальные" }
priority = 3

# Other states that take part, and their share of our seats.
[[partners]]
id = "neighbour"
names = { en = "Neighbouring state", ru = "Соседнее государство" }
country = "KAZ"
seat_share_percent = 10
own_first = true

# Who receives people at the end of the road and signs for them.
[[custodians]]
id = "reception"
names = { en = "Reception team", ru = "Группа приёма" }
place = "home-airport"

# What records: phones at gates, the desks of headquarters. Kinds: gate, convoy, staging, reception, headquarters.
[[devices]]
id = "gate-1"
kind = "gate"
place = "harbour"

[[devices]]
id = "headquarters"
kind = "headquarters"

# Who works with the program. Roles: duty_officer, list_officer, gate_officer, medic, consul, movement_officer,
# reception_officer, partner_liaison (with a partner), press_officer, auditor.
[[users]]
id = "duty"
name = "Duty officer"
role = "duty_officer"

[[users]]
id = "medic"
name = "Medic"
role = "medic"

[[users]]
id = "consul"
name = "Consul"
role = "consul"

[[users]]
id = "gate"
name = "Gate officer"
role = "gate_officer"
place = "harbour"

[[users]]
id = "liaison"
name = "Liaison of the neighbouring state"
role = "partner_liaison"
partner = "neighbour"

# What figures that others publish count, by the code of their claims: pages and reports say it in each language.
[[claimed_figures]]
id = "flights"
names = { en = "Flights that have brought people home", ru = "Рейсы, доставившие людей домой" }

# What those who publish figures are called in each language; said_by is how their claims name them.
[[publishers]]
said_by = "press"
names = { en = "press", ru = "пресса" }
"""
