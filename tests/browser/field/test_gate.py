"""A gate without a network, in a real browser: scanned, typed, recorded, warned, sent home, nothing lost or twice."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import segno
from playwright.sync_api import Browser, Page, Route, expect
from tests.browser.field.conftest import PIN, Enrolled, GatePhone, Headquarters, at_desk, enrolment_code

from corridor.base.ids import PersonId
from corridor.journey.roster.wristband import Wristband, write_wristband
from corridor.ledger.device.signing import SigningKey

SCANNED = 25
TYPED = 175
TYPED_BY_KEYS = 5  # the others are typed by a script in the page, which costs a tenth

CAMERA = """
const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
const drawing = canvas.getContext("2d");
let shown = null;
const paint = () => {
  drawing.fillStyle = "#bbb";
  drawing.fillRect(0, 0, 640, 480);
  if (!shown) return;
  drawing.save();
  drawing.translate(320, 240);
  drawing.rotate(0.14);
  drawing.drawImage(shown, -170, -170, 340, 340);
  drawing.restore();
};
navigator.mediaDevices.getUserMedia = async () => {
  paint();
  setInterval(paint, 50);
  return canvas.captureStream(20);
};
globalThis.hold = async (picture) => {
  if (!picture) { shown = null; return paint(); }
  const image = new Image();
  image.src = picture;
  await image.decode();
  shown = image;
  paint();
};
"""

TYPE = """async (code) => {
  const until = async (holds) => { while (!holds()) await new Promise((done) => setTimeout(done, 5)); };
  const buttons = () => [...document.querySelectorAll("button")];
  const named = (start) => buttons().find(({ textContent }) => textContent.startsWith(start));
  const input = document.querySelector("#find");
  input.value = code;
  input.form.requestSubmit();
  await until(() => document.querySelector("section.party"));
  named("Only")?.click();
  await until(() => !named("Only") || document.querySelectorAll("[aria-checked=true]").length === 1);
  named("Seen here").click();
  await until(() => document.querySelector("section.find") && document.querySelector(".said .green"));
}"""

NOT_FROM_HERE = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .filter(({ workerStart }) => !workerStart).map(({ name }) => name)"""

FORGET_PIN = """async (device) => {
  const kept = await corridor.store.get("enrolments", device);
  const vault = { ...kept.vault, salt: crypto.getRandomValues(new Uint8Array(16)) };
  await corridor.store.put("enrolments", { ...kept, vault });
}"""

AT_GATE = """await phone.record([
  { at: phone.now(), kind: "at_gate", persons: [given], body: { gate: "rafah" } },
]);"""

IN_GAZA = """const rows = await phone.people.ask("inAccount", { id: "place:gaza" });
return rows.filter((row) => row.colour === given).map((row) => [row.person, row.party, row.names[0]]);"""


def waiting(phone: GatePhone) -> int:
    """How many records wait, as the phone counts them."""
    count: int = phone.ask("return phone.outbox.waiting.count;")
    return count


def code(headquarters: Headquarters, person: str) -> str:
    """The code that headquarters prints on a wristband."""
    seed = (headquarters.home / "practice" / "gaza-2023" / "headquarters.key").read_text().strip()
    band = Wristband(person=PersonId(person), party=None, printed=1_699_900_000)
    return write_wristband(SigningKey.from_seed(bytes.fromhex(seed)), "gaza-2023", band)


def seen_here(page: Page) -> None:
    """Record of whoever is chosen that they were seen here, and wait for the green that says it is safe."""
    page.get_by_role("button", name="Seen here").click()
    expect(page.locator("section.find")).to_be_visible()
    expect(page.locator(".said .green")).to_be_visible()


def scan(phone: GatePhone, headquarters: Headquarters, person: str) -> None:
    """Hold a wristband before the camera until the person is on the screen, and take it away again."""
    picture = segno.make(code(headquarters, person), error="m").png_data_uri(scale=6, border=4)
    phone.page.evaluate("(picture) => hold(picture)", picture)
    expect(phone.page.locator("section.party .word")).to_be_visible()
    phone.page.evaluate("hold(null)")


def processor_seconds(browser: Browser) -> float:
    """Processor time that all processes of a browser have taken: the same on a machine that is busy with others."""
    session = browser.new_browser_cdp_session()
    told = session.send("SystemInfo.getProcessInfo")
    session.detach()
    return float(sum(one["cpuTime"] for one in told["processInfo"]))


def test_two_hundred_scans_without_network(enrolled: Enrolled, practice: Headquarters, chromium: Browser) -> None:
    """Offline: reload, 175 typed and 25 scanned; then on: 200 accepted, each once, by whom and as they were made."""
    phone = enrolled("gate-scans", init=CAMERA)
    page = phone.page
    people = [person for person, _party, _name in phone.ask(IN_GAZA, "not")][: TYPED + SCANNED]
    assert len(people) == TYPED + SCANNED
    phone.context.set_offline(True)
    began = processor_seconds(chromium)
    page.reload()
    page.locator("#pin").wait_for()
    assert processor_seconds(chromium) - began < 2, "offline start within two seconds of a processor"
    assert page.evaluate(NOT_FROM_HERE) == [], "and nothing was waited for"
    phone.unlock()
    for place, person in enumerate(people[:TYPED]):
        if place >= TYPED_BY_KEYS:
            page.evaluate(TYPE, code(practice, person))
            continue
        phone.open(code(practice, person))
        seen_here(page)
    page.get_by_role("button", name="Scan").click()
    for person in people[TYPED:]:
        scan(phone, practice, person)
        seen_here(page)
    assert waiting(phone) == len(people)
    expect(page.locator(".strip .outbox")).to_contain_text(f"Waiting: {len(people)}")
    assert not practice.recorded(phone.device)
    page.reload()
    phone.unlock()
    assert waiting(phone) == len(people)

    phone.context.set_offline(False)
    phone.exchange()
    expect(page.locator(".strip .outbox")).to_contain_text("Nothing waits")
    recorded = practice.recorded(phone.device)
    assert Counter(event["id"] for event in recorded).most_common(1)[0][1] == 1, "each once"
    assert len(recorded) == len(people)
    assert {event["by"] for event in recorded} == {"gate"}
    assert all(person in event["persons"] for person, event in zip(people, recorded, strict=True))
    assert all(event["kind"] == "sighted" and event["offset_ms"] is not None for event in recorded)


def test_what_speaks_against_it_is_said_and_the_fact_still_taken(enrolled: Enrolled, practice: Headquarters) -> None:
    """Not cleared, split party, already crossed, an expired roster: the touch is stopped by name, the fact recorded."""
    phone = enrolled("gate-warned")
    page = phone.page
    stop = page.locator("section.stop")
    person = next(row[0] for row in phone.ask(IN_GAZA, "not") if row[1])
    party = "return (await phone.people.ask('person', { id: given })).party.map(({ account }) => account);"
    members = phone.ask(party, person).count("place:gaza")
    phone.open(person)
    expect(page.locator(".banner")).to_contain_text("✕ Not cleared")
    expect(page.locator(".banner")).to_contain_text("waits for")
    page.locator("button.main").click()
    expect(stop.locator(".stop-not_cleared ul li")).to_have_count(members)
    page.get_by_role("button", name="Back", exact=True).click()
    expect(page.locator("section.party")).to_be_visible()
    assert waiting(phone) == 0, "a touch that was stopped recorded nothing"
    page.locator("button.main").click()
    phone.press("It happened: record it")
    expect(page.locator(".said .green")).to_contain_text("Crossed")
    (record,) = phone.ask("return phone.records.map(({ event }) => event);")
    assert (record["kind"], record["source"], record["target"]) == ("crossed", "place:gaza", "place:rafah")
    assert len(record["persons"]) == members

    phone.open(person)
    page.locator("button.main").click()
    expect(stop.locator(".stop-already_crossed")).to_be_visible()
    page.get_by_role("button", name="Back", exact=True).click()

    cleared = phone.ask(IN_GAZA, "cleared")
    split = next(one for one, of, _name in cleared if of and sum(other == of for _p, other, _n in cleared) > 1)
    page.reload()
    phone.unlock()
    phone.open(split)
    expect(page.locator(".banner")).to_contain_text("✓ Cleared")
    expect(page.locator(".banner")).to_contain_text("let pass by")
    phone.press(re.compile("^Only"))
    expect(page.locator("[aria-checked=true]")).to_have_count(1)
    page.locator("button.main").click()
    expect(stop.locator(".stop-party_split")).to_contain_text("Left behind")
    page.get_by_role("button", name="Back", exact=True).click()
    phone.press("Turned back …")
    phone.press("Papers")
    expect(page.locator(".said .green")).to_contain_text("Turned back")
    assert phone.ask("return phone.records.at(-1).event.body;") == {"gate": "rafah", "why": "papers"}

    phone.context.set_offline(True)
    phone.ask(
        "const later = phone.now() + 80 * 3_600_000; phone.now = () => later;"
        "await phone.eraseExpired(); await corridor.draw();"
    )
    expect(page.locator(".strip .notice").first).to_contain_text("roster has expired")
    page.fill("#find", cleared[0][2])
    expect(page.locator(".told")).to_contain_text("expired")
    phone.open(code(practice, split))
    expect(page.locator(".banner")).to_contain_text("Not known")
    page.locator("button.main").click()
    expect(stop.locator(".stop-roster_expired")).to_be_visible()


def test_a_hold_is_seen_with_its_instruction(enrolled: Enrolled) -> None:
    """In Cairo whoever a doctor must see stands out by sign, word and colour, and boarding them is stopped."""
    phone = enrolled("gate-hold", user="movement", place="cairo")
    page = phone.page
    rows = """const here = await phone.people.ask("inAccount", { id: "place:cairo" });
    return here.find(({ colour }) => colour === "hold").person;"""
    phone.open(phone.ask(rows))
    expect(page.locator(".banner.hold")).to_contain_text("! Hold")
    expect(page.locator(".banner.hold")).to_contain_text("a doctor must see them first")
    colours = page.locator(".banner.hold").evaluate("one => getComputedStyle(one).backgroundColor")
    assert colours == "rgb(255, 210, 31)"
    phone.press("Choose convoy or flight")
    page.locator("ul.people button").first.click()
    phone.press("Boarding")
    phone.press("People: scan or type")
    phone.open(phone.ask(rows))
    page.locator("button.main").click()
    expect(page.locator("section.stop .stop-hold")).to_contain_text("a doctor must see them first")


def test_wrong_pins_slow_down_and_show_nothing(enrolled: Enrolled) -> None:
    """A locked phone shows no name; wrong PINs are told, from the third on they cost time, and records outlive them."""
    phone = enrolled("gate-lost")
    page = phone.page
    phone.context.set_offline(True)
    person, _party, name = phone.ask(IN_GAZA, "not")[0]
    phone.open(person)
    seen_here(page)
    phone.press("More")
    phone.press("Lock")
    expect(page.locator("#pin")).to_be_visible()
    assert name not in page.content()
    assert person not in page.content()
    expect(page.locator(".whose")).to_contain_text("Waiting: 1")
    phone.stop_clock()
    for _ in range(3):
        page.fill("#pin", "000000")
        page.press("#pin", "Enter")
        expect(page.locator(".told")).to_contain_text("Wrong PIN")
        page.locator(".told").evaluate("told => { told.textContent = '' }")
    page.fill("#pin", "246810")
    page.press("#pin", "Enter")
    expect(page.locator(".told")).to_contain_text("Wait")
    stored = """async () => {
      const names = ["enrolments", "records", "receipts", "roster", "kept"];
      const done = (asked) => new Promise((told) => { asked.onsuccess = () => told(asked.result); });
      const opened = await done(indexedDB.open("corridor-field"));
      const all = (name) => done(opened.transaction(name).objectStore(name).getAll());
      const text = (value) => value instanceof Uint8Array ? new TextDecoder("utf-8").decode(value)
        : value && typeof value === "object" ? Object.values(value).map(text).join(" ") : String(value);
      return (await Promise.all(names.map(all))).map(text).join(" ");
    }"""
    on_disk = page.evaluate(stored)
    assert phone.device in on_disk
    assert name not in on_disk
    assert person not in on_disk
    phone.pass_time(2_200)
    phone.unlock()
    assert waiting(phone) == 1


def test_server_killed_between_write_and_answer(enrolled: Enrolled, practice: Headquarters) -> None:
    """The answer is lost and headquarters dies: nothing turns to sent; started again, all is there once, receipted."""
    phone = enrolled("gate-killed")
    page = phone.page
    phone.exchange_only_when_asked()
    for person, _party, _name in phone.ask(IN_GAZA, "not")[:5]:
        phone.ask(
            "await phone.record([{ at: phone.now(), kind: 'at_gate', persons: [given], body: { gate: 'rafah' } }]);",
            person,
        )

    def swallow(route: Route) -> None:
        route.fetch()
        practice.kill()
        route.abort()

    page.route("**/field/exchange", swallow)
    phone.exchange()
    page.unroute("**/field/exchange")
    assert waiting(phone) == 5, "what headquarters did not say is not believed"
    assert len(practice.recorded(phone.device)) == 5, "it had written them"
    phone.press("Waiting")
    expect(page.locator(".record .state").first).to_have_text("waits")
    expect(page.locator(".told")).to_contain_text("No network")
    practice.start()
    phone.exchange()
    assert waiting(phone) == 0
    assert sorted(event["id"] for event in practice.recorded(phone.device)) == [
        f"gate-killed/1/{n}" for n in range(1, 6)
    ]
    page.go_back()
    expect(page.locator("section.find")).to_be_visible()
    page.locator(".strip .outbox").click()
    expect(page.locator(".record .state").first).to_contain_text("sent")


def test_a_copy_of_the_phone_is_noticed(enrolled: Enrolled, practice: Headquarters) -> None:
    """A phone put back to an earlier state finds headquarters ahead: it says so, begins a new epoch, loses nothing."""
    phone = enrolled("gate-copied")
    phone.exchange_only_when_asked()
    record = "await phone.record([{ at: phone.now(), kind: 'at_gate', persons: [given], body: { gate: 'rafah' } }]);"
    people = [person for person, _party, _name in phone.ask(IN_GAZA, "not")[:3]]
    phone.ask(record, people[0])
    phone.exchange()
    kept = """const all = await phone.store.all("records"); const receipts = await phone.store.all("receipts");
    globalThis.before = [all, receipts];"""
    phone.ask(kept)
    phone.ask(record, people[1])
    phone.exchange()
    phone.ask("""const [records, receipts] = before;
    await phone.store.write(["records", "receipts"], (one, other) => {
      one.clear(); other.clear();
      for (const row of records) one.put(row);
      for (const row of receipts) other.put(row);
    });
    await phone.outbox.read(1);""")
    phone.ask(record, people[2])
    phone.exchange()
    expect(phone.page.locator(".strip .notice").first).to_contain_text("epoch 2")
    phone.ask(record, people[2])
    phone.exchange()
    ids = sorted(event["id"] for event in practice.recorded(phone.device))
    assert ids == ["gate-copied/1/1", "gate-copied/1/2", "gate-copied/1/2", "gate-copied/2/1"], "both branches are kept"
    assert waiting(phone) == 0


def test_another_officer_takes_nothing_over(enrolled: Enrolled, practice: Headquarters) -> None:
    """A second officer on the phone is a device of their own: the first one's records are sent under their name."""
    phone = enrolled("gate-first")
    page = phone.page
    phone.context.set_offline(True)
    person = phone.ask(IN_GAZA, "not")[0][0]
    phone.open(person)
    seen_here(page)
    phone.press("More")
    phone.press("Lock")
    phone.context.set_offline(False)
    second = enrolled_on(phone, practice, user="movement", device="gate-second")
    assert second.ask("return [phone.enrolment.user, phone.records.length, phone.outbox.waiting.count];") == [
        "movement",
        0,
        0,
    ]
    second.ask(
        "await phone.record([{ at: phone.now(), kind: 'at_gate', persons: [given], body: { gate: 'rafah' } }]);", person
    )
    second.exchange()
    second.press("More")
    second.press("Lock")
    expect(page.locator(".whose").filter(has_text="gate-first")).to_contain_text("Nothing waits")
    page.locator(".whose").filter(has_text="gate-first").click()
    expect(page.locator(".whose").filter(has_text="gate-first")).to_have_attribute("aria-pressed", "true")
    phone.unlock()
    phone.exchange()
    assert [event["by"] for event in practice.recorded("gate-first")] == ["gate"]
    assert [event["by"] for event in practice.recorded("gate-second")] == ["movement"]


def test_a_locked_phone_sends_and_a_forgotten_pin_loses_nothing(enrolled: Enrolled, practice: Headquarters) -> None:
    """Locked, the phone sends what it cannot read; after a forgotten PIN its earlier records are sent, unread, too."""
    phone = enrolled("gate-locked")
    page = phone.page
    people = [person for person, *_ in phone.ask(IN_GAZA, "not")[:3]]
    phone.context.set_offline(True)
    phone.ask(AT_GATE, people[0])
    phone.press("More")
    phone.press("Lock")
    expect(page.locator(".whose")).to_contain_text("Waiting: 1")
    phone.context.set_offline(False)
    expect(page.locator(".whose")).to_contain_text("Nothing waits")
    assert [event["persons"] for event in practice.recorded("gate-locked")] == [[people[0]]]
    phone.unlock()
    assert phone.ask("return phone.records.map((one) => phone.stateOf(one).state);") == ["sent"]
    phone.context.set_offline(True)
    for person in people[1:]:
        phone.ask(AT_GATE, person)
    phone.press("More")
    phone.press("Lock")
    page.evaluate(FORGET_PIN, phone.device)
    page.route("**/field/exchange", lambda route: route.abort())
    phone.context.set_offline(False)
    again = enrolled_on(phone, practice, user="gate", device="gate-locked", roster=False)
    assert again.ask("return [phone.records.length, phone.outbox.waiting.count, phone.outbox.unreadable];") == [0, 2, 2]
    page.unroute("**/field/exchange")
    again.exchange()
    assert again.ask("return [phone.outbox.waiting.count, phone.outbox.unreadable];") == [0, 0]
    assert [event["persons"] for event in practice.recorded("gate-locked")] == [[person] for person in people]


def enrolled_on(phone: GatePhone, practice: Headquarters, *, user: str, device: str, roster: bool = True) -> GatePhone:
    """Another officer enrols on the same, locked phone, or the same one anew."""
    browser = phone.context.browser
    assert browser is not None
    made = enrolment_code(browser, practice, user=user, place="rafah", device=device)
    page = phone.page
    phone.press("Enrol another user")
    page.fill("#code", made)
    page.fill("#pin", PIN)
    page.fill("#again", PIN)
    page.locator("button[type=submit]").click()
    page.locator(".digits").wait_for()
    page.locator("button.go").click()
    expect(page.locator("#find")).to_be_visible()
    other = GatePhone(phone.context, page, device)
    other.until(f"return {'phone.rosterState.complete' if roster else 'true'} && !phone.busy")
    return other


def test_own_last_record_is_taken_back(enrolled: Enrolled, practice: Headquarters, tmp_path: Path) -> None:
    """Undo corrects the record by another one; the person stands where they stood, and headquarters gets both."""
    phone = enrolled("gate-undone")
    person, _party, _name = phone.ask(IN_GAZA, "not")[0]
    phone.open(person)
    seen_here(phone.page)
    stands = "return (await phone.party(given)).person.stands.account;"
    assert phone.ask(stands, person) == "place:rafah"
    phone.press("Take back")
    expect(phone.page.locator(".said .green")).to_contain_text("Taken back")
    assert phone.ask(stands, person) == "place:gaza"
    phone.exchange()
    assert [event["kind"] for event in practice.recorded(phone.device)] == ["sighted", "corrected"]
    assert practice.recorded(phone.device)[1]["body"]["of"] == "gate-undone/1/1"


def test_a_file_comes_home_where_no_network_does(
    enrolled: Enrolled, practice: Headquarters, chromium: Browser, tmp_path: Path
) -> None:
    """Records go out in a sealed file, the desk takes it in twice, its answer turns them to sent; none is doubled."""
    phone = enrolled("gate-file")
    page = phone.page
    page.route("**/field/exchange", lambda route: route.abort())
    for person, _party, _name in phone.ask(IN_GAZA, "not")[:3]:
        phone.ask(AT_GATE, person)
    phone.press(re.compile("Waiting"))
    with page.expect_download() as saved:
        phone.press("Export to a file")
    out = tmp_path / saved.value.suggested_filename
    saved.value.save_as(out)
    assert out.name.startswith("gate-file-")
    assert b"at_gate" not in out.read_bytes()
    assert waiting(phone) == 3, "a file that was written is not a file that arrived"
    desk = at_desk(chromium, practice, "/operation/phones/file/")
    for _ in range(2):
        desk.goto(f"{practice.address}/operation/phones/file/")
        desk.set_input_files("input[type=file]", out)
        desk.get_by_role("button", name="Take it in").click()
        with desk.expect_download() as answered:
            desk.get_by_role("link", name="Save the receipts").click()
        answered.value.save_as(tmp_path / "gate-file.receipts")
    desk.context.close()
    page.set_input_files("input[type=file]", tmp_path / "gate-file.receipts")
    expect(page.locator(".strip .outbox")).to_contain_text("Nothing waits")
    assert [event["id"] for event in practice.recorded("gate-file")] == [f"gate-file/1/{n}" for n in (1, 2, 3)]


def test_a_convoy_vehicle_first_then_people(enrolled: Enrolled, practice: Headquarters) -> None:
    """The leader scans the vehicle, boards a planned person and one who is not planned, and closes with both named."""
    phone = enrolled("convoy-lead", user="movement", place="cairo")
    page = phone.page
    ride = (
        "return phone.kept.instructions.movements.find(({ status }) => status === 'planned' || status === 'boarding');"
    )
    movement = phone.ask(ride)
    page.fill("#find", movement["id"])
    page.press("#find", "Enter")
    expect(page.locator("section.movement h1")).to_contain_text(movement["name"] or movement["id"])
    source = phone.ask("return phone.kept.instructions.legs.find(({ id }) => id === given).source;", movement["leg"])
    stranger = phone.ask(
        """const rows = await phone.people.ask("inAccount", { id: `place:${given[0]}` });
        return rows.find((row) => row.movement !== given[1]).person;""",
        [source, movement["id"]],
    )
    phone.press("People: scan or type")
    phone.open(stranger)
    if page.get_by_role("button", name="Only this one").count():
        phone.press("Only this one")
        expect(page.locator("[aria-checked=true]")).to_have_count(1)
    page.locator("button.main").click()
    expect(page.locator("section.stop .stop-not_planned")).to_be_visible()
    phone.press("It happened: record it")
    expect(page.locator(".said .green")).to_contain_text("Boarded")
    page.locator(".ride").click()
    expect(page.locator("section.movement")).to_contain_text("Aboard, not planned: 1")
    phone.press("Close doors")
    page.fill("#souls", "1")
    page.press("#souls", "Enter")
    expect(page.locator("section.stop .stop-aboard_not_planned li")).to_have_count(1)
    phone.press("It happened: record it")
    expect(page.locator(".said .green")).to_contain_text("Doors closed")
    phone.exchange()
    boarded, closed = practice.recorded("convoy-lead")
    assert (boarded["kind"], boarded["source"], boarded["target"]) == (
        "boarded", f"place:{source}", f"aboard:{movement['id']}",
    )  # fmt: skip
    assert boarded["body"]["movement"] == movement["id"]
    assert (closed["kind"], closed["body"]["souls"]) == ("boarding_closed", 1)


def test_a_revoked_phone_says_so_and_wastes_nothing(
    enrolled: Enrolled, practice: Headquarters, chromium: Browser
) -> None:
    """Revoked at headquarters: the roster goes, the phone says why, what it recorded lies in quarantine and here."""
    phone = enrolled("gate-revoked")
    page = phone.page
    person, _party, name = phone.ask(IN_GAZA, "not")[0]
    desk = at_desk(chromium, practice, "/operation/devices/gate-revoked/")
    desk.get_by_label("Why").fill("left in a taxi")
    desk.get_by_role("button", name="Revoke", exact=True).click()
    expect(desk.locator("main")).to_contain_text("Revoked.")
    desk.context.close()
    phone.ask(AT_GATE, person)
    phone.exchange()
    expect(page.locator(".strip .notice").first).to_contain_text("revoked this phone")
    assert phone.ask("return (await phone.people.ask('size'));") == 0
    assert waiting(phone) == 1
    page.fill("#find", name)
    expect(page.locator(".told")).to_contain_text("Nobody of such a name")
    page.locator(".strip .outbox").click()
    expect(page.locator(".record .state")).to_contain_text("the phone was revoked")
    assert practice.recorded("gate-revoked") == []
