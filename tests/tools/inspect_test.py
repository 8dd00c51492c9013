# SPDX-License-Identifier: Apache-2.0
"""inlay-inspect on models that are right: its table, its JSON and its pictures."""

import json
import re
import tempfile
import unittest
import xml.etree.ElementTree as xml
from math import prod
from pathlib import Path

from programs import place, run, shared

SVG = "{http://www.w3.org/2000/svg}"
BYTES = {"int8": 1, "uint8": 1, "int32": 4, "int64": 8, "float32": 4}


def models():
    found = sorted(place("TEST_MODELS").glob("*.tflite"))
    assert len(found) >= 31, f"only {len(found)} models in {place('TEST_MODELS')}, expected 31"
    return found


def inspect(model: Path, *options) -> dict:
    done = run("INLAY_INSPECT", model, "--json", *options)
    assert done.returncode == 0 and not done.stderr, f"{model}: {done.stderr}"
    return json.loads(done.stdout)


def draw(model: Path):
    """The pictures of a model's graph and arena, as XML."""
    with tempfile.TemporaryDirectory() as folder:
        graph, arena = Path(folder) / "graph.svg", Path(folder) / "arena.svg"
        done = run("INLAY_INSPECT", model, "--svg-graph", graph, "--svg-arena", arena)
        assert done.returncode == 0, done.stderr
        return xml.parse(graph).getroot(), xml.parse(arena).getroot()


def words_in(picture) -> list[str]:
    return ["".join(text.itertext()) for text in picture.iter(f"{SVG}text")]


class Inspect(unittest.TestCase):
    def test_operators_and_shapes_are_the_files(self):
        for model in models():
            expected = json.loads(model.with_suffix(".json").read_text())
            with self.subTest(model=model.name):
                found = inspect(model)
                tensors = {one["tensor"]: one for one in found["tensors"]}
                self.assertEqual(found["file_bytes"], model.stat().st_size)
                self.assertEqual(found["input"], expected["input"]["tensor"])
                self.assertEqual(found["outputs"], expected["outputs"])
                self.assertEqual(len(found["operators"]), len(expected["operators"]))
                for seen, listed in zip(found["operators"], expected["operators"]):
                    output = tensors[seen["output"]]
                    self.assertEqual(seen["name"], listed["operator"])
                    self.assertEqual(seen["output"], listed["tensor"])
                    self.assertEqual(output["type"], listed["type"])
                    self.assertEqual(prod(output["shape"]), prod(listed["shape"]))
                    self.assertEqual(output["bytes"], prod(output["shape"]) * BYTES[output["type"]])

    def test_counts_channels_by_the_form_of_their_requantization(self):
        cheap = 0
        for model in models():
            for target, forms in (("reference", ["float", "integers"]), ("avx2", ["float", "integers"]),
                                  ("armv7", ["narrow", "wide", "general"]), ("cortex-m4", ["short", "integers"])):
                found = inspect(model, "--target", target)
                tensors = {one["tensor"]: one for one in found["tensors"]}
                for one in found["operators"]:
                    with self.subTest(model=model.name, target=target, operator=one["operator"]):
                        convolves = one["name"] in ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED")
                        adds = one["name"] == "ADD" and target != "cortex-m4"
                        channels = tensors[one["output"]]["shape"][-1] if convolves else int(adds)
                        # What has no kernel of the target's own has no form.
                        has_own = target in ("reference", "avx2") or one["kernel"] is None or one["requantized"] > 0
                        self.assertEqual(one["requantized"], channels if has_own else 0)
                        self.assertEqual(list(one["requantization"]), forms)
                        self.assertEqual(sum(one["requantization"].values()), one["requantized"])
                        cheap += one["requantization"][forms[0]]
        self.assertGreater(cheap, 0)

    def test_forms_are_those_of_the_kernels(self):
        def forms(name, operator, target):
            model = next(each for each in models() if each.stem == name)
            return inspect(model, "--target", target)["operators"][operator]["requantization"]

        # Weights of -128 overflow pairs of products, which dot products do not have.
        self.assertEqual(forms("conv_extremes", 0, "neon"), {"narrow": 0, "wide": 0, "general": 6})
        self.assertEqual(forms("conv_extremes", 0, "dotprod"), {"narrow": 6, "wide": 0, "general": 0})
        # One channel whose sums are too large to be doubled.
        self.assertEqual(forms("conv_dead_channels", 1, "cortex-m7"), {"short": 7, "integers": 1})
        # One multiply-add in vectors of 8 channels.
        self.assertEqual(forms("diamond", 1, "avx2"), {"float": 1, "integers": 8})

    def test_sums_are_the_sums_of_the_operators(self):
        for model in models():
            found = inspect(model)
            with self.subTest(model=model.name):
                for key in ("macs", "weights_bytes", "biases_bytes"):
                    self.assertEqual(found[key], sum(one[key] for one in found["operators"]), key)

    def test_plan_holds_every_stored_tensor_without_overlap(self):
        for model in models():
            found = inspect(model)
            plan = found["plan"]
            with self.subTest(model=model.name):
                stored = {one["output"] for one in found["operators"] if not one["folded"] and not one["alias"]}
                placed = {one["tensor"]: one for one in plan["allocations"]}
                self.assertEqual(stored, set(placed))
                self.assertLessEqual(plan["lower_bound"], plan["arena_bytes"])
                self.assertEqual(max(plan["live_bytes"]), plan["lower_bound"])
                self.assertEqual(plan["live_bytes"][plan["busiest_step"]], plan["lower_bound"])
                for a in placed.values():
                    self.assertLessEqual(a["offset"] + a["bytes"], plan["arena_bytes"])
                    for b in placed.values():
                        in_turn = b["first_step"] >= a["last_step"] if b["in_place_of"] == a["tensor"] else False
                        apart = (a["offset"] + a["bytes"] <= b["offset"] or b["offset"] + b["bytes"] <= a["offset"]
                                 or a["last_step"] < b["first_step"] or b["last_step"] < a["first_step"])
                        swapped = a["first_step"] >= b["last_step"] and a["in_place_of"] == b["tensor"]
                        self.assertTrue(a is b or apart or in_turn or swapped, f"{a} overlaps {b}")

    def test_plans_of_targets_are_those_of_their_kernel_sets(self):
        found, kernels = {}, {}
        for line in run("DISPATCH_MAIN", "plans").stdout.splitlines():
            name, what = line.strip().split(" ", 1)
            if line.startswith("  "):
                kernels[int(name)] = what
            else:
                kernels = {}
                found[name] = (int(what), kernels)
        self.assertIn("reference", found)
        model = next(each for each in models() if each.name == "tiny_mobilenet_v2_int8.tflite")
        for name, (arena, kernels) in found.items():
            with self.subTest(target=name):
                plan = inspect(model, "--target", name)
                self.assertEqual((plan["plan"]["arena_bytes"] + 63) // 64 * 64, (arena + 63) // 64 * 64)
                own = {one["operator"]: one["kernel"] for one in plan["operators"] if one["kernel"]}
                self.assertEqual(own, kernels)
                self.assertEqual(any(one["fused"] for one in plan["operators"]), name != "reference")

    def test_every_target_has_a_plan(self):
        for name in re.search(r"\{(.*)\}", run("INLAY_INSPECT", "--target", "abacus", "x").stderr)[1].split(","):
            with self.subTest(target=name):
                done = run("INLAY_INSPECT", "--target", name, models()[0])
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertRegex(done.stdout, f"target +{name}\n")

    def test_prints_the_plan_by_rows(self):
        for model in models():
            with self.subTest(model=model.name):
                rows = run("INLAY_INSPECT", model).stdout.split("\nStreamed by rows\n")[1]
                for image in ("with the caller", "in the arena", "by rows"):
                    self.assertRegex(rows, f"image {image} +arena [0-9,]+ bytes, [0-9]+ segments")

    def test_recomputation_makes_the_arena_smaller(self):
        reader = place("READER_MODEL")
        kept, again = (inspect(reader, "--target", "cortex-m7", "--recomputation", percent) for percent in (0, 5))
        for plan, percent in ((kept, 0), (again, 5)):
            self.assertEqual(plan["streamed"]["recomputation"], percent)
            for image in ("caller", "arena", "rows"):
                self.assertLessEqual(plan["streamed"][image]["recomputed_macs"] * 100, plan["macs"] * percent)
        self.assertLess(again["streamed"]["rows"]["arena_bytes"], kept["streamed"]["rows"]["arena_bytes"])
        self.assertGreater(again["streamed"]["rows"]["recomputed_macs"], 0)
        made = [row["recomputes"] for segment in again["streamed"]["rows"]["segments"]
                for row in segment["operators"] if row["recomputes"] is not None]
        self.assertTrue(made)
        self.assertTrue(all(again["operators"][one]["name"] == "CONV_2D" for one in made))
        text = run("INLAY_INSPECT", "--target", "cortex-m7", "--recomputation", 5, reader).stdout
        self.assertIn(f"computed again: {made[0]} CONV_2D", text)
        percent = 100 * again["streamed"]["rows"]["recomputed_macs"] / again["macs"]
        self.assertRegex(text, rf"image by rows +arena {again['streamed']['rows']['arena_bytes']:,} bytes, "
                               rf"[0-9]+ segments, {percent:.1f} % computed again")

    def test_recomputation_needs_kernels_for_rows(self):
        done = run("INLAY_INSPECT", "--target", "avx2", "--recomputation", 5, place("READER_MODEL"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("--recomputation: avx2 has no kernels for rows, expected --target reference or", done.stderr)
        self.assertEqual(run("INLAY_INSPECT", "--recomputation", -1, place("READER_MODEL")).returncode, 2)

    def test_json_has_the_plan_by_rows(self):
        model = place("TEST_MODELS") / "tiny_mobilenet_v2_int8.tflite"
        found = inspect(model)
        text = run("INLAY_INSPECT", model).stdout
        for key, image in (("caller", "with the caller"), ("arena", "in the arena"), ("rows", "by rows")):
            plan = found["streamed"][key]
            self.assertRegex(text, f"image {image} +arena {plan['arena_bytes']:,} bytes, {len(plan['segments'])} segments")
            self.assertEqual(max(one["arena_bytes"] for one in plan["segments"]), plan["arena_bytes"])
        self.assertNotIn("streamed", inspect(model, "--target", "avx2"))

    def test_table_names_every_operator_once(self):
        for model in models():
            done = run("INLAY_INSPECT", model)
            layers = done.stdout.split("\nLayers\n")[1].split("\n\n")[0].splitlines()[1:]
            found = inspect(model)
            with self.subTest(model=model.name):
                self.assertEqual(done.returncode, 0)
                self.assertEqual([line.split()[:2] for line in layers],
                                 [[str(one["operator"]), one["name"]] for one in found["operators"]])
                for line, one in zip(layers, found["operators"]):
                    self.assertEqual("(folded into its reader)" in line, one["folded"])
                    self.assertEqual("(alias of its input)" in line, one["alias"])

    def test_folded_padding_and_aliases_are_shown(self):
        names = {model.stem: inspect(model)["operators"] for model in models()}
        self.assertTrue(any(one["name"] == "PAD" and one["folded"] for one in names["pad_then_valid"]))
        self.assertTrue(all(one["alias"] for one in names["reshape_squeeze"]
                            if one["name"] in ("RESHAPE", "SQUEEZE")))

    def test_pictures_show_every_operator_and_tensor(self):
        for model in models():
            graph, arena = draw(model)
            found = inspect(model)
            with self.subTest(model=model.name):
                shown = words_in(graph)
                for one in found["operators"]:
                    self.assertIn(f"{one['operator']} {one['name']}", shown)
                read = sum(1 for one in found["operators"] for number in one["inputs"]
                           if number >= 0 and not next(t for t in found["tensors"] if t["tensor"] == number)["constant"])
                edges = [path for path in graph.iter(f"{SVG}path") if path.get("class") == "edge"]
                self.assertEqual(len(edges), read + len(found["outputs"]))
                titles = ["".join(t.itertext()) for box in arena.iter(f"{SVG}rect") for t in box]
                for one in found["plan"]["allocations"]:
                    bytes_and_offset = f"{one['bytes']:,} bytes at offset {one['offset']:,}"
                    self.assertTrue(any(bytes_and_offset in title for title in titles), bytes_and_offset)
                self.assertIn("offset in KiB", words_in(arena))

    def test_boxes_of_the_graph_lie_apart(self):
        graph, _ = draw(place("TEST_MODELS") / "tiny_mobilenet_v2_int8.tflite")
        boxes = [(float(box.get("y")), float(box.get("height"))) for box in graph.iter(f"{SVG}rect") if box.get("y")]
        boxes.sort()
        for (y, height), (below, _) in zip(boxes, boxes[1:]):
            self.assertGreater(below, y + height)

    def test_help_has_an_example(self):
        done = run("INLAY_INSPECT", "--help")
        self.assertEqual(done.returncode, 0)
        self.assertIn("inlay-inspect mobilenet_v2.tflite", done.stdout)


@unittest.skipIf(shared() is None, "INLAY_SHARED names no folder with models/")
class RealModels(unittest.TestCase):
    def test_counts_of_the_classifiers(self):
        for name, operators in (("tf2_mobilenet_v2_1.0_224_ptq", 68), ("mobilenet_v2_1.0_224_quant", 66)):
            found = inspect(shared() / "models" / f"{name}.tflite")
            self.assertEqual(len(found["operators"]), operators)
            self.assertEqual(found["macs"], 300_775_552)
            self.assertEqual(found["weights_bytes"], 3_471_040)
            self.assertEqual(found["biases_bytes"], 72_228)

    def test_pictures_are_well_formed(self):
        graph, arena = draw(shared() / "models/tf2_mobilenet_v2_1.0_224_ptq.tflite")
        self.assertIn("10 ADD", words_in(graph))
        self.assertTrue(any(words.startswith("busiest step") for words in words_in(arena)))

    def test_unsupported_model_is_refused_by_its_operator(self):
        done = run("INLAY_INSPECT", shared() / "models/deeplabv3_mnv2_dm05_pascal_quant.tflite")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"operator 64 \(RESIZE_BILINEAR\).*not supported")
        self.assertEqual(done.stdout, "")


if __name__ == "__main__":
    unittest.main()
