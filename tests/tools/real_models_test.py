# SPDX-License-Identifier: Apache-2.0
"""classify and trace on the real classifiers, against the reference's tensors."""

import hashlib
import json
import tempfile
import unittest
from pathlib import Path

from programs import run, shared

MODELS = {"INT8": "tf2_mobilenet_v2_1.0_224_ptq", "UINT8": "mobilenet_v2_1.0_224_quant"}
PICTURES = {"cat.bmp": "Egyptian cat", "grace_hopper.bmp": "military uniform", "parrot.jpg": "macaw",
            "hot_dog.jpg": "hotdog"}


@unittest.skipIf(shared() is None, "INLAY_SHARED names no folder with models/ and golden/")
class RealModels(unittest.TestCase):
    def pictures(self):
        for suffix, model in MODELS.items():
            for picture in PICTURES:
                folder = shared() / "golden" / model / Path(picture).stem
                with tempfile.TemporaryDirectory() as made:
                    yield suffix, folder, Path(made)

    def test_every_layer_of_every_picture_is_the_references(self):
        for suffix, golden, made in self.pictures():
            done = run(f"TRACE_{suffix}", "--raw-input", golden / "input.bin", "--out", made)
            self.assertEqual(done.returncode, 0, done.stderr)
            index = {one["operator"]: one for one in json.loads((made / "index.json").read_text())}
            lines = [line.split() for line in (golden / "layers.sha256").read_text().splitlines()
                     if not line.startswith("#")]
            self.assertGreaterEqual(len(lines), 66)
            self.assertEqual(len(index), len(lines))
            for number, name, _, shape, kind, digest in lines:
                found = index[int(number)]
                self.assertEqual(found["name"], name)
                self.assertEqual(found["type"], kind)
                self.assertEqual("x".join(map(str, [1, *found["shape"]])), shape)
                self.assertEqual(hashlib.sha256((made / found["file"]).read_bytes()).hexdigest(), digest,
                                 f"{golden}: operator {number} ({name})")

    def test_every_output_is_the_references(self):
        for suffix, golden, made in self.pictures():
            out = made / "out.bin"
            done = run(f"CLASSIFY_{suffix}", "--raw-input", golden / "input.bin", "--raw-output", out)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(out.read_bytes(), (golden / "output.bin").read_bytes(), golden)

    def test_pictures_are_recognized(self):
        paths = [shared() / "images" / picture for picture in PICTURES]
        for suffix in MODELS:
            done = run(f"CLASSIFY_{suffix}", "--json", *paths)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            results = json.loads(done.stdout)["results"]
            for result, expected in zip(results, PICTURES.values(), strict=True):
                self.assertTrue(result["top"][0]["label"].startswith(expected), result)
                self.assertEqual(len(result["top"]), 5)

    def test_text_names_the_class_and_its_probability(self):
        done = run("CLASSIFY_INT8", "--top", "2", shared() / "images/cat.bmp")
        lines = done.stdout.splitlines()
        self.assertEqual(len(lines), 3)
        self.assertRegex(lines[1], r"^   1  Egyptian cat +6\d\.\d\d %  █")


if __name__ == "__main__":
    unittest.main()
