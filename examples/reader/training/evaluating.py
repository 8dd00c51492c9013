# SPDX-License-Identifier: Apache-2.0
"""Accuracy on drawn pictures of unseen fonts: the float network, and the .tflite by the numpy reference."""

from __future__ import annotations

import subprocess
import sys
import time

import numpy as np
import torch

from classes import LABELS
from drawing import Drawer
from exporting import batched
from fonts import Atlas
from network import normalize

sys.dont_write_bytecode = True
from interpreter import run as run_reference  # noqa: E402 (its folder is found through exporting)

TEST_SEED, TEST_PICTURES, PART = 40, 10_500, 100


def test_set(folder, count=TEST_PICTURES, size=96):
    """Batches of the test set: (pictures, labels), drawn with fonts that training never saw."""
    drawer = Drawer(Atlas(folder / "atlas", "test"), TEST_SEED)
    for index in range(-(-count // PART)):
        yield drawer.batch(index, PART, size)


def float_scores(network, pictures):
    with torch.no_grad():
        return network(normalize(pictures).contiguous(memory_format=torch.channels_last)).numpy()


def integer_scores(model, pictures):
    """uint8 scores of the .tflite, computed with the project's numpy reference of TensorFlow Lite's kernels."""
    *_, last = run_reference(batched(model, len(pictures)), [pictures.numpy()])
    return last.outputs[0]


def engine_scores(program, pictures, classes=len(LABELS)):
    """The same scores from the compiled engine: program is reader_scores, built in tests/reader."""
    done = subprocess.run([program], input=pictures.numpy().tobytes(), stdout=subprocess.PIPE, check=True)
    return np.frombuffer(done.stdout, np.uint8).reshape(len(pictures), classes)


def evaluate(folder, network, model, count=TEST_PICTURES, engine=None):
    """Prints progress and returns {"pictures", "float", "int8", "agreement", "confusion"}.

    With engine, the path of reader_scores, the INT8 scores come from it; it is built for the bundled model.
    """
    network.eval()
    truth, as_float, as_int8, begin = [], [], [], time.time()
    for index, (pictures, labels) in enumerate(test_set(folder, count)):
        truth.append(labels.numpy())
        as_float.append(float_scores(network, pictures).argmax(1))
        scores = engine_scores(engine, pictures) if engine else integer_scores(model, pictures)
        as_int8.append(scores.argmax(1))
        if (index + 1) % 5 == 0:
            t, f, q = (np.concatenate(v) for v in (truth, as_float, as_int8))
            print(f"{len(t)} pictures  float {100 * np.mean(f == t):.2f} %  int8 {100 * np.mean(q == t):.2f} %  "
                  f"{(time.time() - begin) / 60:.1f} min", flush=True)
    t, f, q = (np.concatenate(v)[:count] for v in (truth, as_float, as_int8))
    confusion = np.zeros((len(LABELS), len(LABELS)), int)
    np.add.at(confusion, (t, q), 1)
    return {"pictures": len(t), "float": float(np.mean(f == t)), "int8": float(np.mean(q == t)),
            "agreement": float(np.mean(f == q)), "confusion": confusion}


def report(result) -> str:
    """The result as a few lines of Markdown: accuracies, the worst classes, the commonest confusions."""
    confusion = result["confusion"]
    totals = confusion.sum(1)
    recall = np.diag(confusion) / np.maximum(totals, 1)
    worst = np.argsort(recall)[:6]
    pairs = [(confusion[i, j], i, j) for i in range(len(LABELS)) for j in range(len(LABELS)) if i != j]
    pairs = sorted(pairs, key=lambda p: -p[0])[:12]
    return "\n".join([
        f"- pictures: {result['pictures']:,}",
        f"- top-1 float: {100 * result['float']:.2f} %",
        f"- top-1 INT8: {100 * result['int8']:.2f} %",
        f"- float and INT8 agree: {100 * result['agreement']:.2f} %",
        "- lowest recall: " + ", ".join(f"{LABELS[i]} {100 * recall[i]:.1f} %" for i in worst),
        "- commonest confusions (true → read, pictures): "
        + ", ".join(f"{LABELS[i]} → {LABELS[j]} {n}" for n, i, j in pairs)]) + "\n"
