# SPDX-License-Identifier: Apache-2.0
"""The training program of examples/reader: what it says about wrong input, and that fine-tuning ends in a model."""

import contextlib
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TRAINING = ROOT / "examples" / "reader" / "training"
sys.path.insert(0, str(TRAINING))

try:
    import numpy as np
    import torch
    from PIL import Image

    import main as program
    from classes import CHARACTERS, SYMBOLS
    from drawing import Drawer
    from exporting import read_model
    from fit import BATCH, _Drawn
    from folding import fold, run
    from fonts import HEIGHT, WIDTH, Atlas
    from network import MobileNetV2, load_checkpoint, normalize, save_checkpoint
    from tuning import from_tflite
    missing = None
except ImportError as error:
    missing = f"skipped: all, the training program needs {error.name} (Debian: python3-torch, python3-pil)"


@unittest.skipIf(missing, missing)
class Training(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        torch.manual_seed(1)

    def call(self, *arguments):
        """Exit status, and what was printed to stdout and stderr."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = program.main([str(a) for a in arguments])
        return status, out.getvalue(), err.getvalue()

    def refusal(self, *arguments):
        status, _, err = self.call(*arguments, "--folder", self.folder, "--out", self.folder / "out")
        self.assertEqual(status, 1)
        self.assertFalse((self.folder / "out").exists(), "nothing may be written after wrong input")
        return err

    def pictures(self, **classes):
        """A folder of flat pictures: class name -> (how many, color)."""
        folder = self.folder / "pictures"
        for name, (count, color) in classes.items():
            (folder / name).mkdir(parents=True)
            for i in range(count):
                Image.new("RGB", (40 + i, 30), color).save(folder / name / f"{i}.png")
        return folder

    def test_checkpoint_that_is_none(self):
        file = self.folder / "reader.pt"
        file.write_bytes(b"no checkpoint")
        self.assertRegex(self.refusal("export"), r"reader\.pt: not a checkpoint that PyTorch can read")

    def test_checkpoint_missing(self):
        self.assertRegex(self.refusal("export"), r"there is no such checkpoint; train one first")

    def test_checkpoint_of_another_program(self):
        torch.save({"weights": 1}, self.folder / "reader.pt")
        self.assertRegex(self.refusal("export"), r"written by this program, found other entries: weights")

    def test_checkpoint_of_another_shape(self):
        save_checkpoint(self.folder / "reader.pt", MobileNetV2(3), ["a", "b"])
        self.assertRegex(self.refusal("export"), r"do not fit MobileNetV2 of width 0\.35 with 2 classes: .*classifier")

    def test_start_that_is_no_model(self):
        folder = self.pictures(red=(2, "red"), blue=(2, "blue"))
        file = self.folder / "start.tflite"
        file.write_bytes(b"TFL3")
        self.assertRegex(self.refusal("tune", "--pictures", folder, "--start", file), r"start\.tflite: not a \.tflite")

    def test_empty_class_folder(self):
        folder = self.pictures(red=(2, "red"), blue=(0, "blue"))
        self.assertRegex(self.refusal("tune", "--pictures", folder), r"blue: expected pictures of the class 'blue'")

    def test_one_class(self):
        folder = self.pictures(red=(2, "red"))
        self.assertRegex(self.refusal("tune", "--pictures", folder), r"at least 2 sub-folders, one a class, found 1")

    def test_folder_missing(self):
        self.assertRegex(self.refusal("tune", "--pictures", self.folder / "none"), r"none: expected a folder")

    def test_corrupt_picture(self):
        folder = self.pictures(red=(2, "red"), blue=(2, "blue"))
        file = folder / "red" / "1.png"
        file.write_bytes(file.read_bytes()[:-30])
        self.assertRegex(self.refusal("tune", "--pictures", folder), r"red/1\.png: expected a picture")

    def test_tuning_ends_in_a_model_that_tells_the_classes_apart(self):
        folder = self.pictures(red=(6, "red"), blue=(6, "blue"), green=(6, "lime"))
        status, out, err = self.call("tune", "--pictures", folder, "--epochs", 30, "--out", self.folder / "out",
                                     "--folder", self.folder)
        self.assertEqual((status, err), (0, ""))
        file = self.folder / "out" / "my_model.tflite"
        self.assertIn(f"inlay_add_model(my_model {file.resolve()} LABELS {file.resolve().parent}/labels.txt)", out)
        self.assertEqual((self.folder / "out" / "labels.txt").read_text(), "blue\ngreen\nred\n")
        self.assertRegex(out, r"3 pictures that were held out: float 100\.0 %, INT8 100\.0 %")
        self.assertEqual(read_model(file).tensors[-1].shape, (1, 3))

    def atlas(self):
        """An atlas of three faces whose glyphs are blocks of random squares."""
        folder, rng = self.folder / "atlas", np.random.default_rng(3)
        folder.mkdir()
        masks = np.zeros((3, len(CHARACTERS + SYMBOLS), HEIGHT, WIDTH), np.uint8)
        blocks = rng.integers(0, 2, (*masks.shape[:2], 7, 5), np.uint8) * 255
        masks[:, :, 8:64, 28:68] = blocks.repeat(8, 2).repeat(8, 3)
        np.save(folder / "train_masks.npy", masks)
        np.save(folder / "train_ink.npy", (masks.max(axis=2) > 127).sum(axis=2).astype(np.int32))
        (folder / "train_faces.json").write_text(json.dumps([["one", "a"], ["two", "a"], ["segments", "a"]]))
        return folder

    def test_a_batch_is_a_function_of_seed_and_index(self):
        atlas = Atlas(self.atlas(), "train")
        for varied in (False, True):
            with self.subTest(varied=varied):
                first = [Drawer(atlas, 1, varied=varied).batch(index, 20, 48)[0] for index in (0, 1)]
                drawer = Drawer(atlas, 1, varied=varied)
                again = [drawer.batch(index, 20, 48)[0] for index in (1, 0)][::-1]
                self.assertTrue(all(torch.equal(a, b) for a, b in zip(first, again)))
                self.assertFalse(torch.equal(*first))
                self.assertFalse(torch.equal(Drawer(atlas, 2, varied=varied).batch(0, 20, 48)[0], first[0]))
        plain, varied = (Drawer(atlas, 1, varied=v).batch(0, 20, 48)[0] for v in (False, True))
        self.assertFalse(torch.equal(plain, varied))

    def test_a_resumed_training_sees_the_same_pictures(self):
        self.atlas()
        phases = [(48, 2), (64, 2)]
        whole, resumed = _Drawn(self.folder, phases, 0), _Drawn(self.folder, phases, 1)
        expected = [whole[step] for step in range(4)]
        self.assertEqual([tuple(pictures.shape) for pictures, _ in expected],
                         [(BATCH, size, size, 3) for size in (48, 48, 64, 64)])
        for (pictures, labels), (again, labels_again) in zip(expected[1:], map(resumed.__getitem__, range(3))):
            self.assertTrue(torch.equal(pictures, again))
            self.assertTrue(torch.equal(labels, labels_again))

    def test_folding_changes_nothing(self):
        network = MobileNetV2(5)
        for module in network.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                torch.nn.init.normal_(module.running_mean, 0, 0.2)
                torch.nn.init.uniform_(module.running_var, 0.5, 2)
                torch.nn.init.normal_(module.weight, 1, 0.2)
        network.eval()
        x = normalize(torch.randint(0, 256, (2, 96, 96, 3), dtype=torch.uint8))
        with torch.no_grad():
            torch.testing.assert_close(run(fold(network), x), network(x), rtol=1e-3, atol=1e-4)

    def test_tflite_is_a_start_with_the_same_weights(self):
        save_checkpoint(self.folder / "reader.pt", MobileNetV2(2), ["a", "b"])
        network, _, _ = load_checkpoint(self.folder / "reader.pt")
        picture = torch.randint(0, 256, (20, 96, 96, 3), dtype=torch.uint8)
        program.write(network, ["a", "b"], picture, self.folder, "reader")
        again = from_tflite(self.folder / "reader.tflite")
        with torch.no_grad():
            difference = (again(normalize(picture)) - network.eval()(normalize(picture))).abs().max()
        self.assertLess(float(difference), 0.02)
        self.assertGreater(float(np.ptp(network(normalize(picture)).detach().numpy())), 0)


if __name__ == "__main__":
    unittest.main()
