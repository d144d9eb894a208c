"""How the embedding is learned: two spellings of one person are pulled together against all others of a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from corridor.names.model.ngrams import BUCKETS, grams_of
from corridor.names.train.noise import SCHEMES, disturbed, in_scheme

Floats: TypeAlias = NDArray[np.float32]
Keys: TypeAlias = tuple[str, ...]

DIMENSIONS = 128
BATCH = 640
NEIGHBOURS = 16
"""In later epochs a batch is made of groups of so many pairs that lie near each other: hard negatives."""
TEMPERATURE = 0.06
NOISE_SHARE = 0.32
SCHEME_SHARE = 0.06
RATE, RATE_LAST = 0.03, 0.002
REMEMBERED = 100
"""Over how many of its steps the size of a row's gradient is averaged."""


@dataclass(slots=True)
class Example:
    """Two spellings as parts, and the person they belong to."""

    person: str
    first: Keys
    second: Keys


class Embedding:
    """The table that is learned, a row a bucket.

    A part is the sum of its rows over the root of their number, a name the sum of its parts.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self.table: Floats = rng.normal(0.0, 0.1, (BUCKETS, DIMENSIONS)).astype(np.float32)
        self._squares = np.zeros(BUCKETS, np.float32)
        self._steps = np.zeros(BUCKETS, np.float32)
        self._grams: dict[str, NDArray[np.int32]] = {}

    def learn_words(self, words: Sequence[str]) -> None:
        """Keep the buckets of these parts, so that each is hashed once."""
        new = [word for word in dict.fromkeys(words) if word not in self._grams]
        for begin in range(0, len(new), 20_000):
            some = new[begin : begin + 20_000]
            grams = grams_of(some)
            ends = np.append(grams.starts[1:], len(grams.buckets))
            for word, start, end in zip(some, grams.starts, ends, strict=True):
                self._grams[word] = grams.buckets[start:end]

    def vectors(self, names: Sequence[Keys]) -> tuple[Floats, Tape]:
        """The names' vectors of length one, and what is needed to learn from them."""
        words = list(dict.fromkeys(key for keys in names for key in keys))
        self.learn_words(words)
        number = {word: place for place, word in enumerate(words)}
        grams = [self._grams[word] for word in words]
        counts = np.array([len(some) for some in grams])
        buckets = np.concatenate(grams)
        starts = np.cumsum(counts) - counts
        weights = (1.0 / np.sqrt(counts)).astype(np.float32)[:, None]
        parts = np.add.reduceat(self.table[buckets], starts, axis=0) * weights
        of_names = np.array([number[key] for keys in names for key in keys])
        sizes = np.array([len(keys) for keys in names])
        begins = np.cumsum(sizes) - sizes
        sums = np.add.reduceat(parts[of_names], begins, axis=0)
        lengths = np.sqrt(np.einsum("ij,ij->i", sums, sums))[:, None] + np.float32(1e-6)
        unit = sums / lengths
        return unit, Tape(buckets, counts, weights, of_names, sizes, lengths, unit)

    def step(self, tape: Tape, gradient: Floats, rate: float) -> None:
        """A step on the rows that took part, as long as `rate` for a row whose gradient is as large as usual."""
        inner = np.einsum("ij,ij->i", gradient, tape.unit)[:, None]
        of_sums = (gradient - inner * tape.unit) / tape.lengths
        of_parts = _summed(tape.of_names, np.repeat(of_sums, tape.sizes, axis=0), len(tape.counts)) * tape.weights
        owners = np.repeat(np.arange(len(tape.counts)), tape.counts)
        order = np.argsort(tape.buckets, kind="stable")
        ordered = tape.buckets[order]
        starts = np.flatnonzero(np.diff(ordered, prepend=-1))
        buckets = ordered[starts]
        of_rows = np.add.reduceat(of_parts[owners[order]], starts, axis=0)
        self._steps[buckets] += 1
        share = np.maximum(1 / self._steps[buckets], 1 / REMEMBERED)
        self._squares[buckets] += share * (np.einsum("ij,ij->i", of_rows, of_rows) - self._squares[buckets])
        self.table[buckets] -= (rate / np.sqrt(self._squares[buckets] + 1e-10))[:, None] * of_rows


@dataclass(frozen=True, slots=True)
class Tape:
    """What a forward pass leaves for the step back."""

    buckets: NDArray[np.int32]
    counts: NDArray[np.int64]
    weights: Floats
    of_names: NDArray[np.int64]
    sizes: NDArray[np.int64]
    lengths: Floats
    unit: Floats


def _summed(owners: NDArray[np.int64], rows: Floats, number: int) -> Floats:
    """The sum of the rows of each owner from 0 to `number`; every owner has at least one."""
    order = np.argsort(owners, kind="stable")
    starts = np.flatnonzero(np.diff(owners[order], prepend=-1))
    summed: Floats = np.add.reduceat(rows[order], starts, axis=0)
    assert len(summed) == number, "every part belongs to a name"
    return summed


def loss_and_gradient(unit: Floats, people: NDArray[np.int64], same: NDArray[np.int64]) -> tuple[float, Floats]:
    """Softmax over all other names of the batch: the first half are one spelling, the second half the other.

    Names of one person, and names spelled alike (`same`), are never negatives of each other.
    """
    number = len(unit)
    half = number // 2
    logits: Floats = (unit @ unit.T) * np.float32(1.0 / TEMPERATURE)
    partner = np.concatenate([np.arange(half, number), np.arange(half)])
    left_out = (people[:, None] == people[None, :]) | (same[:, None] == same[None, :])
    left_out[np.arange(number), partner] = False
    logits[left_out] = -np.inf
    logits -= logits.max(axis=1, keepdims=True)
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=1, keepdims=True)
    rows = np.arange(number)
    loss = float(-np.log(logits[rows, partner] + 1e-12).mean())
    logits[rows, partner] -= 1.0
    logits *= np.float32(1.0 / (TEMPERATURE * number))
    gradient = np.matmul(logits + logits.T, unit).astype(np.float32, copy=False)
    return loss, gradient


def train(
    embedding: Embedding,
    examples: Sequence[Example],
    tokens: Sequence[tuple[str, str, int]],
    *,
    epochs: int,
    rng: np.random.Generator,
    progress: Callable[[str], None],
) -> None:
    """Learn for so many epochs; from the second on, batches are made of near neighbours."""
    people = {person: number for number, person in enumerate(dict.fromkeys(example.person for example in examples))}
    weights = np.log2(1.0 + np.array([count for _, _, count in tokens], np.float64)) if tokens else np.zeros(0)
    steps = (len(examples) // BATCH) * epochs
    done = 0
    for epoch in range(epochs):
        total = 0.0
        batches = list(_batches(embedding, examples, near=epoch >= 1, rng=rng))
        for batch in batches:
            rate = RATE_LAST + (RATE - RATE_LAST) * (1.0 - done / max(1, steps))
            some = [_drawn(examples[place], rng) for place in batch]
            numbers = np.array([people[example.person] for example in some])
            total += _learn(embedding, some, numbers, rate)
            done += 1
            if len(tokens) and done % 2 == 0:
                chosen = rng.choice(len(tokens), 768, replace=False, p=weights / weights.sum())
                words = [Example("", (tokens[place][0],), (tokens[place][1],)) for place in chosen]
                _learn(embedding, words, np.arange(len(words)), rate)
        progress(f"epoch {epoch + 1} of {epochs}: loss {total / max(1, len(batches)):.4f}")


def _learn(embedding: Embedding, some: Sequence[Example], people: NDArray[np.int64], rate: float) -> float:
    names = [example.first for example in some] + [example.second for example in some]
    spelled: dict[Keys, int] = {}
    same = np.array([spelled.setdefault(tuple(sorted(keys)), len(spelled)) for keys in names])
    unit, tape = embedding.vectors(names)
    loss, gradient = loss_and_gradient(unit, np.concatenate([people, people]), same)
    embedding.step(tape, gradient, rate)
    return loss


def _drawn(example: Example, rng: np.random.Generator) -> Example:
    """The example, sometimes with one side disturbed, or both sides taken from one spelling."""
    first, second = example.first, example.second
    drawn = rng.random()
    if drawn < NOISE_SHARE:
        if drawn < NOISE_SHARE * 0.15:
            second = first
        if rng.random() < 0.5:
            first = disturbed(first, rng)
        else:
            second = disturbed(second, rng)
    elif drawn < NOISE_SHARE + SCHEME_SHARE:
        scheme = list(SCHEMES)[int(rng.integers(0, len(SCHEMES)))]
        second = in_scheme(first, scheme) or second
    return Example(example.person, first or example.first, second or example.second)


def _batches(
    embedding: Embedding, examples: Sequence[Example], *, near: bool, rng: np.random.Generator
) -> Iterator[NDArray[np.int64]]:
    """Places of the examples, each once an epoch; what fills no batch waits for the next epoch."""
    order = rng.permutation(len(examples))
    if near:
        centres = rng.choice(len(examples), min(len(examples) // NEIGHBOURS, 4096), replace=False)
        middle, _ = embedding.vectors([examples[place].first for place in centres])
        groups = np.concatenate(
            [
                np.argmax(embedding.vectors([examples[place].first for place in some])[0] @ middle.T, axis=1)
                for some in np.array_split(order, max(1, len(order) // 4000))
            ]
        )
        order = order[np.argsort(groups, kind="stable")]
        blocks = np.array_split(order, max(1, len(order) // NEIGHBOURS))
        order = np.concatenate([blocks[place] for place in rng.permutation(len(blocks))])
    for begin in range(0, len(order) - BATCH + 1, BATCH):
        yield order[begin : begin + BATCH]
