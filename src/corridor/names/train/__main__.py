"""Learn the model: `python -m corridor.names.train DIR -o FILE --seed 1`; minutes on two cores, the same for a seed."""

from __future__ import annotations

import argparse
import os
import sys
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from corridor.names.evaluate import as_people, trial
from corridor.names.index.people import NameIndex
from corridor.names.model.weights import Floats, Model, to_bytes
from corridor.names.normalise import keys
from corridor.names.pairs import Pair, pair_files, read_pairs
from corridor.names.train.asked import RELATIVES, Families, as_typed
from corridor.names.train.centres import centres
from corridor.names.train.embed import Embedding, Example, train
from corridor.names.train.held_out import balanced, learned_tokens, ranking_share, split
from corridor.names.train.rank import Choice, Layers, calibrated, choices, hardest, learn
from corridor.names.train.spell import letter_odds, words_of

FIXED = {
    "OPENBLAS_NUM_THREADS": "1",
    "OPENBLAS_CORETYPE": "Haswell",
    "NPY_DISABLE_CPU_FEATURES": "X86_V4,AVX512_ICL,AVX512_SPR",
}
"""How numbers are summed while learning: never by how many threads or how new a processor there is (AVX2 is needed)."""

GALLERIES = (100_000, 400_000)
"""The re-ranker is asked in each; a larger one holds more that is nearly right."""
QUESTIONS = 14_000
TYPED = 2
"""How often each question is asked again as somebody may type it."""
CALIBRATING = 6
"""One person in so many is kept from the re-ranker, and tells what its odds are worth."""


def main(argv: Sequence[str] | None = None) -> int:
    """Read the pairs, learn, write the weights."""
    parser = argparse.ArgumentParser(prog="python -m corridor.names.train", description=__doc__)
    parser.add_argument("folder", type=Path, help="pairs and token tables in the development format")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=7)
    parser.add_argument("--embedding", type=Path, help="keep the embedding in this file, or take it from there")
    given = parser.parse_args(argv)
    pairs = [pair for file in pair_files(given.folder) for pair in read_pairs(file, _say)]
    learned_model(pairs, given.folder, given.epochs, given.seed, given.embedding).save(given.output)
    return 0


def learned_model(pairs: Sequence[Pair], folder: Path, epochs: int, seed: int, kept: Path | None = None) -> Model:
    """The whole model from pairs and the folder's token tables, leaving the held-out pairs aside.

    Each stage has a generator of its own, so that an embedding that was `kept` changes nothing in the stages after it.
    """
    learned, held, skeletons = split(pairs)
    tokens = _words(learned_tokens(folder, skeletons))
    _say(f"{len(learned)} pairs and {len(tokens)} words to learn from, {len(held)} pairs held out")
    rng = np.random.default_rng([seed, 1])
    examples = [Example(pair.person, keys(pair.first), keys(pair.second)) for pair in balanced(learned, rng)]
    examples = [example for example in examples if example.first and example.second]
    embedding = Embedding(rng)
    if kept is not None and kept.exists():
        embedding.table = np.load(kept, allow_pickle=False)
    else:
        train(embedding, examples, tokens, epochs=epochs, rng=rng, progress=_say)
        if kept is not None:
            np.save(kept, embedding.table, allow_pickle=False)
    rng = np.random.default_rng([seed, 2])
    model = with_lists(embedding, examples, letter_odds(words_of(learned, tokens, rng)), rng)
    _say("embedding, letters and lists are learned")
    rng = np.random.default_rng([seed, 3])
    return replace(model, rank=learned_rank(model, learned, ranking_share(held), rng, _say))


def with_lists(embedding: Embedding, examples: Sequence[Example], letters: Floats, rng: np.random.Generator) -> Model:
    """The model with the embedding in 8 bits and the lists of the index, before its re-ranker."""
    table, scales = to_bytes(embedding.table)
    some = examples[:: len(examples) // 60_000 + 1]
    names = [keys for example in some for keys in (example.first, example.second)]
    vectors = np.concatenate(
        [embedding.vectors(names[begin : begin + 2_000])[0] for begin in range(0, len(names), 2_000)]
    )
    return Model(table=table, scales=scales, centres=centres(vectors, rng), rank={}, letters=letters, fingerprint=0)


def learned_rank(
    model: Model,
    learned: Sequence[Pair],
    held: Sequence[Pair],
    rng: np.random.Generator,
    progress: Callable[[str], None],
) -> Layers:
    """The re-ranker's layers, from questions whose names the embedding never saw."""
    aside = [pair for pair in held if zlib.crc32(pair.person[::-1].encode()) % CALIBRATING == 0]
    people = {pair.person for pair in aside}
    others = [pair for pair in held if pair.person not in people]
    known = [hardest(choice) for size in GALLERIES for choice in _asked(model, others, learned, size, rng, progress)]
    return calibrated(learn(known, rng, progress), _asked(model, aside, learned, GALLERIES[0], rng, progress))


def _asked(
    model: Model,
    held: Sequence[Pair],
    learned: Sequence[Pair],
    size: int,
    rng: np.random.Generator,
    progress: Callable[[str], None],
) -> list[Choice]:
    """What is found for questions about these people, as they are and as somebody may type them."""
    asked = trial(held, gallery=size, queries=QUESTIONS, rng=rng, others=learned)
    families = Families.of(model, asked.gallery)
    related = [families.relative(question, rng) for question in asked.questions for _ in range(RELATIVES)]
    index = NameIndex(model)
    index.add_many(as_people(dict.fromkeys([*asked.gallery, *filter(None, related)])))
    progress(f"{len(asked.questions)} questions among {len(index)} names for the re-ranker")
    typed = [as_typed(question, rng) for _ in range(TYPED) for question in asked.questions]
    return choices(index, list(dict.fromkeys([*asked.questions, *typed])))


def _words(rows: Sequence[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    """The rows whose two sides are one part each, in their common form."""
    found = [(keys(first), keys(second), count) for first, second, count in rows]
    return [(first[0], second[0], count) for first, second, count in found if len(first) == len(second) == 1]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    if any(os.environ.get(name) != value for name, value in FIXED.items()):
        # NumPy's library reads them when it is loaded, so the program starts anew with them
        again = [sys.executable, "-m", "corridor.names.train", *sys.argv[1:]]
        os.execve(sys.executable, again, {**os.environ, **FIXED})
    sys.exit(main())
