"""The crossing in a real browser: a family recorded by radio, and an exception that its recorder cannot sign."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect
from tests.browser.conftest import leave_by_key
from tests.browser.desks.conftest import AtDesk


def test_a_family_crosses_without_a_list_and_a_second_person_signs(at_desk: AtDesk, artefacts: Path) -> None:
    """Ticking one of a family ticks all; crossing today, they are on the page of crossed; two people called and never
    listed by all are an exception that the gate's officer cannot sign, and the duty officer does."""
    gate = at_desk("gate", "/cross/")
    expect(gate.get_by_text("Last heard of").first).to_be_visible()
    gate.screenshot(path=artefacts / "cross-gates.png", full_page=True)
    gate.goto(gate.url + "people/rafah/?show=called")
    first = gate.locator("input[data-group]").first
    group = first.get_attribute("data-group")
    size = gate.locator(f"input[data-group='{group}']").count()
    first.check()
    expect(gate.locator("[data-ticked]")).to_have_text(str(size))
    leave_by_key(gate, "c")
    expect(gate.get_by_text("recorded.")).to_be_visible()
    # Somebody of the road before the crossing, whom no list named: found by number.
    gate.goto(gate.url.split("/cross/")[0] + "/people/?figure=applications_open&page=6")
    stranger = gate.locator("tbody .id").last.inner_text()
    gate.goto(gate.url.split("/people/")[0] + "/cross/people/rafah/?show=called")
    gate.get_by_label("Others, by number").fill(stranger)
    gate.get_by_role("button", name="Crossed").click()
    expect(gate.get_by_text("1 person recorded.")).to_be_visible()
    gate.get_by_role("link", name="Exceptions").click()
    exception = gate.locator(".exception", has_text=stranger).or_(gate.locator(".exception").last)
    expect(exception.first).to_contain_text("You recorded this crossing")
    duty = at_desk("duty", "/cross/exceptions/")
    waiting = duty.locator(".exception").count()
    duty.screenshot(path=artefacts / "cross-exceptions.png", full_page=True)
    last = duty.locator(".exception").last
    last.get_by_label("Why you answer for it").fill("asked the consul by telephone")
    last.get_by_role("button", name="Sign").click()
    expect(duty.get_by_text("Signed.")).to_be_visible()
    expect(duty.locator(".exception")).to_have_count(waiting - 1)
    expect(duty.get_by_text("asked the consul by telephone")).to_be_visible()


def test_turned_back_without_a_reason_is_not_recorded(at_desk: AtDesk) -> None:
    """The page says what is missing, and whoever was ticked stays ticked."""
    gate = at_desk("gate", "/cross/people/rafah/?show=called")
    gate.locator("input[data-group]").first.check()
    leave_by_key(gate, "t")
    expect(gate.locator("#why-error, .field.bad .error").first).to_have_text("Choose one.")
    expect(gate.locator("input[data-group]").first).to_be_checked()
