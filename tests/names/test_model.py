"""What was learned is used as it says: buckets, letters and alignments against slow and plain ways."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.names.model.align import FEATURES, align
from corridor.names.model.described import Described
from corridor.names.model.letters import codes_of, likeness
from corridor.names.model.ngrams import BUCKETS, grams_of
from corridor.names.model.rerank import likenesses, scores
from corridor.names.model.weights import Model, load_model, shipped_model, to_bytes
from corridor.names.normalise import keys

WEIGHTS_BYTES_MAX = 24 * 2**20


def model() -> Model:
    """The weights that ship."""
    return shipped_model()


def test_the_weights_are_small_and_whole(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The shipped weights fit their limit, and come back from a file the same to the byte."""
    file = tmp_path_factory.mktemp("weights") / "one.npz"
    model().save(file)
    assert file.stat().st_size <= WEIGHTS_BYTES_MAX
    again = load_model(file)
    assert again.fingerprint == model().fingerprint
    again.save(file.with_name("two.npz"))
    assert file.read_bytes() == file.with_name("two.npz").read_bytes()


def slow_buckets(key: str) -> list[int]:
    """The buckets of one key, letter by letter: FNV-1a in 32 bits, mixed, in the half of its length."""

    def bucket(codes: list[int], seed: int, upper: bool) -> int:
        hashed = 0x811C9DC5 ^ seed
        for code in codes:
            hashed = ((hashed ^ code) * 0x01000193) & 0xFFFFFFFF
        hashed = ((hashed ^ (hashed >> 15)) * 0x2C1B3C6D) & 0xFFFFFFFF
        hashed ^= hashed >> 13
        return hashed % (BUCKETS // 2) + (BUCKETS // 2 if upper else 0)

    mark, text = (key[0], key[1:]) if key[0] in "+=" else ("", key)
    codes = [2, *map(ord, text), 3]
    found = [bucket(codes[i : i + n], n, n > 3) for n in (2, 3, 4, 5) for i in range(len(codes) - n + 1)]
    found.append(bucket(codes, 7, True))
    if mark:
        seed = ((ord(mark) ^ 0x811C9DC5) * 0x01000193) & 0xFFFFFFFF
        found.append(bucket([codes[1] >> 8], seed ^ 0x811C9DC5, False))
    return found


@given(st.lists(st.sampled_from(["ivan", "+رحمن", "=алла", "о", "ג׳ונ", "q" * 24, "金"]), min_size=1, max_size=6))
def test_buckets_are_those_of_the_plain_way(some: list[str]) -> None:
    """Hashing many parts at once gives what hashing each letter by letter gives."""
    grams = grams_of(some)
    ends = [*grams.starts[1:].tolist(), len(grams.buckets)]
    for key, start, end in zip(some, grams.starts.tolist(), ends, strict=True):
        assert sorted(grams.buckets[start:end].tolist()) == sorted(slow_buckets(key))


def test_parts_do_not_depend_on_their_company() -> None:
    """The vector of a part is the same alone and among others."""
    some = ["ivan", "+رحمن", "=алла", "иванов"]
    together = model().part_vectors(some)
    for key, vector in zip(some, together, strict=True):
        assert np.array_equal(model().part_vectors([key])[0], vector)


def test_bytes_keep_nearly_all_of_a_vector() -> None:
    """Rows in 8 bits point almost where they did."""
    rows = np.random.default_rng(1).normal(size=(50, 128)).astype(np.float32)
    small, scales = to_bytes(rows)
    back = small * scales[:, None]
    cosines = (rows * back).sum(1) / np.linalg.norm(rows, axis=1) / np.linalg.norm(back, axis=1)
    assert cosines.min() > 0.999


words = st.text(st.sampled_from("abhkиванعמ"), min_size=0, max_size=7)


@settings(max_examples=40, deadline=None)
@given(words, words)
def test_letters_align_as_well_as_any_alignment(first: str, second: str) -> None:
    """The quick alignment reaches the best total that trying every alignment finds."""
    odds = model().letters
    one, other = codes_of([first])[0].tolist(), codes_of([second])[0].tolist()

    @cache
    def best(i: int, j: int) -> float:
        if i == len(first) and j == len(second):
            return 0.0
        ways = []
        if i < len(first):
            ways.append(float(odds[one[i], 0]) + best(i + 1, j))
        if j < len(second):
            ways.append(float(odds[0, other[j]]) + best(i, j + 1))
        if i < len(first) and j < len(second):
            ways.append(float(odds[one[i], other[j]]) + best(i + 1, j + 1))
        return max(ways)

    mean = float(likeness(odds, codes_of([first]), codes_of([second]))[0])
    assert mean == pytest.approx(best(0, 0) * 2 / max(1, len(first) + len(second)), abs=1e-3)


def test_letters_know_sounds_of_other_scripts() -> None:
    """A name is nearer to its own spelling in another script than to another name."""
    for name, same, other in (("шахин", "شاهين", "محمود"), ("qasim", "قاسم", "كريم"), ("цви", "צבי", "דוד")):
        near, far = likeness(model().letters, codes_of([name, name]), codes_of([same, other]))
        assert near > far + 1


def described(name: str) -> Described:
    """The parts of a name as columns."""
    return Described.of(model(), keys(name))


def test_alignment_pairs_each_part_once() -> None:
    """Parts pair across order and joining; each stands in one pair at most, whatever stands beside the candidate."""
    names = ["Omar Hasan Shahin", "Shahin Omar", "Gholam Hossein Nami", "Madonna"]
    parts = [key for name in names for key in keys(name)]
    numbers = np.full((4, 8), -1, np.int32)
    place = 0
    for row, name in enumerate(names):
        for column, _ in enumerate(keys(name)):
            numbers[row, column], place = place, place + 1
    table = Described.of(model(), parts)
    aligned = align(model().letters, described("Шахин Омар"), table, numbers)
    assert aligned.features.shape == (4, len(FEATURES))
    assert sorted(zip(aligned.query[0].tolist(), aligned.name[0].tolist(), strict=True)) == [(0, 2), (1, 0)]
    for row in range(4):
        pairs = [(q, n) for q, n in zip(aligned.query[row], aligned.name[row], strict=True) if q >= 0]
        assert len({q for q, _ in pairs}) == len({n for _, n in pairs}) == len(pairs)
    joined = align(model().letters, described("Gholamhossein Nami"), table, numbers)
    assert joined.name_join[2].any()
    alone = align(model().letters, described("Шахин Омар"), table, numbers[:1])
    assert scores(model().rank, alone.features)[0] == pytest.approx(scores(model().rank, aligned.features)[0], abs=1e-4)


def test_likeness_grows_with_the_odds() -> None:
    """More log odds never make a match less likely, and likenesses stay within 0 and 1."""
    odds = np.linspace(-60, 60, 200)
    found = likenesses(model().rank, odds)
    assert (np.diff(found) >= 0).all()
    assert 0 <= found[0] < 0.01
    assert 0.99 < found[-1] <= 1
