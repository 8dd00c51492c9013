# SPDX-License-Identifier: Apache-2.0
"""Training on drawn pictures: small ones first, the full size last; resumable."""

from __future__ import annotations

import copy
import os
import time

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset

from classes import LABELS
from drawing import Drawer
from fonts import Atlas
from network import MobileNetV2, normalize, save_checkpoint

BATCH = 64
PHASES = [(48, 800), (64, 10000), (96, 6500)]
"""Picture size and steps of each phase. The learning rate falls during the last one."""
PEAK_RATE, RISING, WEIGHT_DECAY, SMOOTHING, AVERAGING = 3e-3, 500, 0.02, 0.05, 0.998
TRAIN_SEED, NOTHING_SHARE = 20, 0.08


class _Drawn(Dataset):
    """Item i is the batch of step first + i: half newly drawn, half the step before's in other colors.

    Drawing costs as much time as learning does, so each picture is used twice. The atlas is opened in the
    process that draws.
    """

    def __init__(self, folder, phases, first):
        self.folder, self.first, self.drawer, self.drawn = folder, first, None, {}
        self.sizes = [size for size, steps in phases for _ in range(steps)]

    def __len__(self):
        return len(self.sizes) - self.first

    def __getitem__(self, item):
        if self.drawer is None:
            self.drawer = Drawer(Atlas(self.folder / "atlas", "train"), TRAIN_SEED, NOTHING_SHARE, varied=True)
        step = self.first + item
        size = self.sizes[step]
        old = self.drawn.get((step, size)) or self.drawer.batch(step, BATCH // 2, size)
        new = self.drawer.batch(step + 1, BATCH // 2, size)
        self.drawn = {(step + 1, size): new}
        return torch.cat([new[0], recolored(old[0], step)]), torch.cat([new[1], old[1]])


def recolored(pictures, seed):
    """The pictures with their channels in another order, some negated, all moved by a few pixels."""
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(3, generator=generator)
    negated = (torch.rand(len(pictures), 1, 1, 1, generator=generator) < 0.5).to(torch.uint8) * 255
    moved = [int(n) for n in torch.randint(-3, 4, (2,), generator=generator)]
    reach = 3
    padded = F.pad(pictures.permute(0, 3, 1, 2).float(), (reach,) * 4, mode="replicate").permute(0, 2, 3, 1)
    size = pictures.shape[1]
    part = padded[:, reach + moved[0]:reach + moved[0] + size, reach + moved[1]:reach + moved[1] + size]
    return part[..., order].to(torch.uint8) ^ negated


def rate(step: int, steps: int, rising: int, falling: int, peak: float) -> float:
    """A straight line up over the first steps, then constant, and a straight line down over the last ones."""
    return peak * min(1.0, (step + 1) / rising, (steps - step) / falling)


def optimizer_of(network):
    """AdamW with decay on the weights of convolutions only."""
    decayed = [p for p in network.parameters() if p.dim() > 1]
    others = [p for p in network.parameters() if p.dim() <= 1]
    return torch.optim.AdamW([{"params": decayed, "weight_decay": WEIGHT_DECAY},
                              {"params": others, "weight_decay": 0.0}], lr=PEAK_RATE)


class Average:
    """A running average of a network's weights and statistics: what is exported."""

    def __init__(self, network):
        self.network, self.updates = copy.deepcopy(network).eval(), 0
        self.pairs = list(zip(self.network.state_dict().values(), network.state_dict().values()))

    @torch.no_grad()
    def update(self):
        self.updates += 1
        keep = min(AVERAGING, self.updates / (self.updates + 10))
        for mine, other in self.pairs:
            if mine.is_floating_point():
                mine.lerp_(other, 1 - keep)


def fit(folder, device, phases=None, workers=None, save_every=200):
    """Trains into folder/reader.pt, from folder/resume.pt where that is there. Returns the final path.

    One process learns, workers of them draw (by default one a core, but one); what they draw does not depend on
    how many they are.
    """
    phases, workers = phases or PHASES, workers or max(1, (os.cpu_count() or 2) - 1)
    steps = sum(count for _, count in phases)
    torch.manual_seed(TRAIN_SEED)
    network = MobileNetV2(len(LABELS)).to(device, memory_format=torch.channels_last)
    optimizer, average = optimizer_of(network), Average(network)
    first, resume, spent = 0, folder / "resume.pt", 0.0
    if resume.exists():
        state = torch.load(resume, map_location=device)
        if state["phases"] != phases:
            raise ValueError(f"{resume}: belongs to phases {state['phases']}, not {phases}; delete it to start anew")
        network.load_state_dict(state["network"])
        average.network.load_state_dict(state["average"])
        optimizer.load_state_dict(state["optimizer"])
        first, spent, average.updates = state["step"], state["spent"], state["step"]
        print(f"resumed at step {first} of {steps}", flush=True)
    loader = DataLoader(_Drawn(folder, phases, first), batch_size=None, num_workers=workers,
                        worker_init_fn=lambda _: torch.set_num_threads(1))
    begin, shown, loss_sum, right, seen = time.time() - spent, time.time(), 0.0, 0, 0
    network.train()
    for step, (pictures, labels) in enumerate(loader, first):
        for group in optimizer.param_groups:
            group["lr"] = rate(step, steps, RISING, phases[-1][1], PEAK_RATE)
        pictures, labels = pictures.to(device), labels.to(device)
        logits = network(normalize(pictures))
        loss = F.cross_entropy(logits, labels, label_smoothing=SMOOTHING)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        average.update()
        loss_sum, right, seen = loss_sum + loss.item(), right + int((logits.argmax(1) == labels).sum()), seen + BATCH
        if (step + 1) % 50 == 0:
            now = time.time()
            print(f"step {step + 1}/{steps}  size {pictures.shape[1]}  loss {loss_sum * BATCH / seen:.3f}  top-1 "
                  f"{100 * right / seen:.1f} %  {seen / (now - shown):.0f} pictures/s  {(now - begin) / 60:.1f} min",
                  flush=True)
            shown, loss_sum, right, seen = now, 0.0, 0, 0
        if (step + 1) % save_every == 0 or step + 1 == steps:
            partial = resume.with_suffix(".new")
            torch.save({"network": network.state_dict(), "average": average.network.state_dict(),
                        "optimizer": optimizer.state_dict(), "step": step + 1, "spent": time.time() - begin,
                        "phases": phases}, partial)
            partial.replace(resume)
    save_checkpoint(folder / "reader.pt", average.network, LABELS, minutes=(time.time() - begin) / 60)
    return folder / "reader.pt"
