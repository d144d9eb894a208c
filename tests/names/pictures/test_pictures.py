"""Pictures of zones: drawn alike for a seed, spoilt as said, and their characters read by the shipped letters."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np
import pytest

from corridor.names.mrz.checking import ALPHABET, wrong_digits
from corridor.names.pictures import invented
from corridor.names.pictures.cells import CELL_COLUMNS, CELL_ROWS, evened, finer, patches, spread_of
from corridor.names.pictures.damage import Damage, packed_as_jpeg
from corridor.names.pictures.drawing import Print, View, draw, placed
from corridor.names.pictures.learning import begun, drawn, learn, slopes_of
from corridor.names.pictures.letters import LAYERS, NONE, SIGNS, letters_of, shipped, shipped_table
from corridor.names.pictures.samples import cells_of, damage_of, how_bad, print_of, view_of

GOLDEN = Path(__file__).parents[2] / "golden" / "letters" / "cells.json"
WEIGHTS_BYTES_MAX = 300_000


def test_invented_zones_are_true_in_form() -> None:
    """Every invented zone is of a format of ICAO, and none of its check digits is wrong."""
    rng = np.random.default_rng(5)
    zones = [invented.zone(rng) for _ in range(200)]
    assert {(len(lines), len(lines[0])) for lines in zones} == {(2, 44), (2, 36), (3, 30)}
    assert not any(wrong_digits(lines) for lines in zones)


def test_a_picture_is_the_same_for_a_seed_and_says_where_characters_lie() -> None:
    """Drawn twice it is equal; turned and tilted, the ink of a `<` lies where the plane says, not beside it."""
    lines = ("<" * 30,) * 3
    view = View(pitch=20, turn_degrees=4, tilt_across=0.1, tilt_down=-0.1)
    first, again = (draw(lines, Print(), view, Damage(noise=2), np.random.default_rng(7)) for _ in range(2))
    assert np.array_equal(first.grey, again.grey)
    across = np.repeat(np.arange(30.0), 3)
    x, y = placed(first.plane, across - 0.24, np.tile([0.0, 1.0, 2.0], 30))  # the tip of `<` is left of its middle
    on = first.grey[np.round(y).astype(int), np.round(x).astype(int)]
    x, y = placed(first.plane, across, np.tile([-0.4, 0.5, 1.5], 30))
    off = first.grey[np.round(y).astype(int), np.round(x).astype(int)]
    assert np.median(on) < 130 < 180 < off.min()


def test_jpeg_loses_more_at_a_lower_quality() -> None:
    """At 95 hardly anything changes; at 20 far more, and nothing leaves 0 to 255."""
    picture = np.random.default_rng(1).uniform(0, 255, (45, 83)).astype(np.float32)
    errors = [float(np.abs(packed_as_jpeg(picture, quality) - picture).mean()) for quality in (95, 60, 20)]
    assert errors[0] < 4 < errors[1] < errors[2]
    assert packed_as_jpeg(picture, 20).min() >= 0


def test_light_and_contrast_do_not_change_what_is_looked_at() -> None:
    """Half the light and half the contrast leave an evened patch as it was, but for rounding."""
    rng = np.random.default_rng(3)
    cells = rng.integers(0, 256, (4, CELL_ROWS, CELL_COLUMNS)).astype(np.uint8)
    darker = (cells // 2 + 20).astype(np.uint8)
    usual = float(np.median(spread_of(cells)))
    assert np.abs(evened(cells, usual) - evened(darker, usual / 2)).max() < 0.03


@pytest.mark.parametrize(("level", "wrong_most"), [("clean", 0.002), ("usual", 0.004), ("hard", 0.06)])
def test_shipped_letters_read_a_cut_they_never_saw(level: str, wrong_most: float) -> None:
    """Characters of the held-out cut are read: nearly all of clean and usual pictures, most of hard ones."""
    rng = np.random.default_rng(11)
    wrong = asked = 0
    for _ in range(12):
        bad = how_bad(level)  # type: ignore[arg-type]
        print = print_of(bad, "sharp_ends", rng)
        pitch = float(rng.uniform(13, 30))
        picture = draw(invented.zone(rng), print, view_of(bad, pitch, rng), damage_of(bad, rng), rng)
        cells, usual, shows = cells_of(picture, print.spacing_pitches, pitch, rng)
        some = shows != NONE
        wrong += int((shipped().odds(evened(cells[some], usual[some])).argmax(1) != shows[some]).sum())
        asked += int(some.sum())
    assert wrong / asked <= wrong_most


def test_letters_say_what_the_golden_cells_say() -> None:
    """The browser reads the same file: patches, what they show, and the odds of every sign."""
    golden = json.loads(GOLDEN.read_text())
    raw = base64.b64decode(golden["cells"])
    cells = np.frombuffer(raw, np.uint8).reshape(-1, CELL_ROWS, CELL_COLUMNS)
    odds = shipped().odds(evened(cells, golden["usual"]))
    assert np.abs(odds - np.array(golden["odds"])).max() < 2e-3
    assert "".join(SIGNS[one] for one in odds.argmax(1)) == golden["shows"]


def test_weights_are_small_and_carry_their_card() -> None:
    """At most 300 kB, with what it was learned from and how often it errs; packed again it is the same."""
    table = shipped_table()
    assert len(json.dumps(table)) <= WEIGHTS_BYTES_MAX
    assert table["signs"] == ALPHABET + " "
    assert {"data", "licence", "weak", "seed", "characters_wrong_of_10000"} <= table["card"].keys()
    again = letters_of(table).table(table["card"])
    assert {name: layer["rows"] for name, layer in again["layers"].items()} == {
        name: layer["rows"] for name, layer in table["layers"].items()
    }


def test_slopes_are_those_of_the_loss() -> None:
    """Every layer's slope is what a small step of a weight does to the loss."""
    rng = np.random.default_rng(2)
    letters = begun(rng)
    values = rng.normal(size=(6, CELL_ROWS, CELL_COLUMNS)).astype(np.float32)
    shows = rng.integers(0, len(SIGNS), 6)

    def loss() -> float:
        odds = letters.odds(values).astype(np.float64)
        truth = np.full(odds.shape, 0.02 / len(SIGNS))
        truth[np.arange(6), shows] += 0.98
        return float(-(truth * odds).sum() / 6)

    _, slopes = slopes_of(letters, values, shows)
    for name in LAYERS:
        at = np.unravel_index(int(np.abs(slopes[name]).argmax()), slopes[name].shape)
        letters.weights[name][at] += 2e-3
        above = loss()
        letters.weights[name][at] -= 4e-3
        below = loss()
        letters.weights[name][at] += 2e-3
        assert (above - below) / 4e-3 == pytest.approx(float(slopes[name][at]), rel=0.05)


def test_learning_is_the_same_for_a_seed_and_learns() -> None:
    """A few drawn zones, learned twice, give the same weights, which read what they learned far better than chance."""
    cells, usual, shows = drawn(6, "round_ends", np.random.default_rng(4))
    said: list[str] = []
    both = [learn(cells, usual, shows, epochs=8, rng=np.random.default_rng(4), progress=said.append) for _ in range(2)]
    assert np.array_equal(both[0].weights["last"], both[1].weights["last"])
    right = (both[0].odds(evened(cells, usual)).argmax(1) == shows).mean()
    assert right > 0.3
    assert len(said) == 16


def test_patches_of_a_large_picture_are_averaged() -> None:
    """Seen three times as large, a character's patch is nearly the same."""
    lines = ("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123",) * 3
    found = []
    for pitch in (15.0, 45.0):
        picture = draw(lines, Print(), View(pitch=pitch), Damage(), np.random.default_rng(1))
        none = np.zeros((30, 5))
        found.append(patches(picture, np.arange(30.0), np.ones(30), 2.5, none, finer(pitch)).astype(float))
    assert np.abs(found[0] - found[1]).mean() < 12
