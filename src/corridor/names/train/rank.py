"""How the re-ranker is learned: of the candidates of a query, which is right, from what their alignment shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridor.names.evaluate import Question
from corridor.names.index.people import NameIndex
from corridor.names.model.rerank import scores

Layers = dict[str, NDArray[np.float64]]

INNER = (48, 24)
EPOCHS = 12
HARDEST = 40
QUERIES = 64
RATE = 2e-3
DECAY = 1e-2
POINTWISE = 0.3
"""How much telling right from wrong on its own weighs beside telling which candidate is best."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidates of one query: what the alignment shows of each, and which are right."""

    features: NDArray[np.float64]
    right: NDArray[np.bool_]


def choices(index: NameIndex, questions: Sequence[Question]) -> list[Choice]:
    """The candidates of each question that has a right and a wrong one among them."""
    found = []
    every = index.weighed([question.query for question in questions])
    for question, weighed in zip(questions, every, strict=True):
        if weighed is None:
            continue
        names = [index.bearer(int(slot))[1] for slot in weighed.slots]
        asked = np.array([name != question.query or name in question.right for name in names])
        right = np.array([name in question.right for name in names])[asked]
        if right.any() and not right.all():
            found.append(Choice(weighed.aligned.features[asked], right))
    return found


def hardest(choice: Choice) -> Choice:
    """The right candidates and the `HARDEST` others that the embedding likes best: the rest teach little."""
    nearness = np.where(choice.right, np.inf, choice.features[:, 0])
    kept = np.argsort(-nearness, kind="stable")[: HARDEST + int(choice.right.sum())]
    return Choice(choice.features[kept], choice.right[kept])


def learn(given: Sequence[Choice], rng: np.random.Generator, progress: Callable[[str], None]) -> Layers:
    """Learn the layers by Adam: softmax over the candidates of a query, and each candidate on its own."""
    every = np.concatenate([choice.features for choice in given])
    deviation = every.std(axis=0)
    layers: Layers = {"mean": every.mean(axis=0), "deviation": np.where(deviation > 1e-6, deviation, 1.0)}
    sizes = (every.shape[1], *INNER)
    for number, (wide, next_) in enumerate(zip(sizes, (*INNER, 0), strict=True), start=1):
        shape = (wide, next_) if next_ else (wide,)
        layers[f"weights_{number}"] = rng.normal(0, np.sqrt(2 / wide), shape)
        layers[f"bias_{number}"] = np.zeros(next_) if next_ else np.zeros(1)
    learned = [name for name in layers if name[0] in "wb"]
    moments = {name: (np.zeros_like(layers[name]), np.zeros_like(layers[name])) for name in learned}
    step, steps = 0, EPOCHS * (len(given) // QUERIES + 1)
    for epoch in range(EPOCHS):
        total = 0.0
        order = rng.permutation(len(given))
        for begin in range(0, len(order), QUERIES):
            some = [given[place] for place in order[begin : begin + QUERIES]]
            loss, gradients = _gradients(layers, some)
            total += loss * len(some)
            step += 1
            rate = RATE * (1 - step / (steps + 1))
            for name in learned:
                first, second = moments[name]
                first += 0.1 * (gradients[name] - first)
                second += 0.01 * (gradients[name] ** 2 - second)
                layers[name] -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
                if name[0] == "w":
                    layers[name] *= 1 - rate * DECAY
        if epoch % 4 == 3:
            progress(f"re-ranker, epoch {epoch + 1} of {EPOCHS}: loss {total / len(given):.4f}")
    return layers


def _gradients(layers: Layers, some: Sequence[Choice]) -> tuple[float, Layers]:
    inputs = np.concatenate([choice.features for choice in some])
    right = np.concatenate([choice.right for choice in some]).astype(np.float64)
    sizes = np.array([len(choice.right) for choice in some])
    starts = np.cumsum(sizes) - sizes
    layer_0 = np.clip((inputs - layers["mean"]) / layers["deviation"], -6.0, 6.0)
    layer_1 = np.maximum(layer_0 @ layers["weights_1"] + layers["bias_1"], 0.0)
    layer_2 = np.maximum(layer_1 @ layers["weights_2"] + layers["bias_2"], 0.0)
    odds = layer_2 @ layers["weights_3"] + layers["bias_3"]
    top = np.repeat(np.maximum.reduceat(odds, starts), sizes)
    raised = np.exp(odds - top)
    share = raised / np.repeat(np.add.reduceat(raised, starts), sizes)
    on_right = np.repeat(np.add.reduceat(raised * right, starts), sizes) + 1e-12
    posterior = raised * right / on_right
    loss = float(-np.log(np.add.reduceat(share * right, starts) + 1e-12).mean())
    alone = 1 / (1 + np.exp(-np.clip(odds, -40, 40)))
    of_odds = ((share - posterior) + POINTWISE * (alone - right)) / len(some)
    of_2 = np.outer(of_odds, layers["weights_3"]) * (layer_2 > 0)
    of_1 = (of_2 @ layers["weights_2"].T) * (layer_1 > 0)
    return loss, {
        "weights_3": layer_2.T @ of_odds,
        "bias_3": np.array([of_odds.sum()]),
        "weights_2": layer_1.T @ of_2,
        "bias_2": of_2.sum(axis=0),
        "weights_1": layer_0.T @ of_1,
        "bias_1": of_1.sum(axis=0),
    }


def calibrated(layers: Layers, given: Sequence[Choice]) -> Layers:
    """The layers with the slope and shift that turn log odds into how often a candidate is right (logistic)."""
    odds = np.concatenate([scores(layers, choice.features) for choice in given])
    right = np.concatenate([choice.right for choice in given]).astype(np.float64)
    columns = np.stack([odds, np.ones_like(odds)], axis=1)
    answer = np.array([1.0, 0.0])
    for _ in range(25):
        share = 1 / (1 + np.exp(-np.clip(columns @ answer, -40, 40)))
        curvature = (columns * (share * (1 - share))[:, None]).T @ columns + 1e-9 * np.eye(2)
        answer += np.linalg.solve(curvature, columns.T @ (right - share))
    return {**layers, "calibration": answer}
