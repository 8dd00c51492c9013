# SPDX-License-Identifier: Apache-2.0
"""The steps from fonts to a .tflite file; examples/reader/train is the way to call this."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

READER = Path(__file__).resolve().parents[1]
BUILD = READER.parents[1] / "build" / "reader"
DRAWN_CALIBRATION, CALIBRATION_SEED = 512, 30
SAMPLES_SEED = 60


def main(arguments=None):
    options = read_options(arguments)
    try:
        options.step(options)
    except (ValueError, FileNotFoundError) as error:
        print(f"train: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ntrain: stopped; the same command goes on from the last checkpoint", file=sys.stderr)
        return 130
    return 0


def read_options(arguments):
    parser = argparse.ArgumentParser(
        prog="examples/reader/train", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Trains the character reader, or fine-tunes it on pictures of your own.",
        epilog="Examples:\n"
               "  examples/reader/train\n"
               "      everything, into build/reader; goes on where it was stopped\n"
               "  examples/reader/train tune --pictures my_pictures --out my_model\n"
               "      my_pictures holds one folder a class: my_pictures/cat/1.png, my_pictures/dog/1.png, ...\n"
               "  examples/reader/train export --checkpoint build/reader/reader.pt --out my_model\n")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--folder", type=Path, default=BUILD, help="where checkpoints and drawn glyphs are kept "
                                                                   "(build/reader)")
    common.add_argument("--out", type=Path, help="where model, labels and report go (the folder above)")
    common.add_argument("--device", default="auto", help="cpu, cuda, or auto: a GPU where there is one")
    steps = parser.add_subparsers(metavar="STEP", title="steps (all of them without one)")

    def step(name, function, text):
        made = steps.add_parser(name, parents=[common], help=text, description=text)
        made.set_defaults(step=function)
        return made

    step("all", all_steps, "fonts, fit, export, evaluate and samples, one after another")
    step("fonts", fonts_step, "draw the glyphs of the installed fonts")
    step("fit", fit_step, "train; resumes from the last checkpoint")
    export = step("export", export_step, "fold, calibrate, quantize and write the .tflite file")
    export.add_argument("--checkpoint", type=Path, help="a checkpoint of this program (FOLDER/reader.pt)")
    export.add_argument("--pictures", type=Path, help="calibrate with these, one sub-folder a class; without it, "
                                                      "with drawn characters")
    evaluate = step("evaluate", evaluate_step, "accuracy on unseen fonts, float and INT8")
    evaluate.add_argument("--count", type=int, default=10_500, help="how many test pictures")
    evaluate.add_argument("--engine", help="take the INT8 scores from this program, reader_scores as the tests build "
                                           "it for the bundled model, instead of the slower numpy reference")
    step("samples", samples_step, "draw the sample pictures")
    tune = step("tune", tune_step, "fine-tune on a folder of pictures, one sub-folder a class, and export")
    tune.add_argument("--pictures", type=Path, required=True, help="the folder")
    tune.add_argument("--start", type=Path, default=READER / "reader.tflite",
                      help="a .tflite or a checkpoint of this program (the bundled reader.tflite)")
    tune.add_argument("--epochs", type=int, default=20)
    tune.add_argument("--name", default="my_model", help="the new model's name")
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help")):
        words.insert(0, "all")
    options = parser.parse_args(words)
    options.out = options.out or options.folder
    return options


def device_of(options):
    import torch
    if options.device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return options.device


def all_steps(options):
    options.checkpoint = options.pictures = None
    options.count, options.engine = 10_500, None
    if not (options.folder / "atlas" / "test_faces.json").exists():
        fonts_step(options)
    if not (options.folder / "reader.pt").exists():
        fit_step(options)
    for step in (export_step, evaluate_step, samples_step):
        step(options)


def fonts_step(options):
    import fonts
    fonts.build(options.folder / "atlas")


def fit_step(options):
    from fit import fit
    print("checkpoint:", fit(options.folder, device_of(options)))


def export_step(options):
    from network import load_checkpoint
    network, labels, _ = load_checkpoint(options.checkpoint or options.folder / "reader.pt")
    if options.pictures:
        from pictures import load_folder
        pictures, _, names = load_folder(options.pictures)
        if names != list(labels):
            raise ValueError(f"{options.pictures}: expected the checkpoint's classes {', '.join(labels)}, found the "
                             f"sub-folders {', '.join(names)}")
        pictures = spread(pictures)
    else:
        pictures = drawn_calibration(options)
    write(network, labels, pictures, options.out, "reader")


def drawn_calibration(options):
    from drawing import Drawer
    from fonts import Atlas
    return Drawer(Atlas(options.folder / "atlas", "train"), CALIBRATION_SEED).batch(0, DRAWN_CALIBRATION, 96)[0]


def spread(pictures, most=DRAWN_CALIBRATION):
    """At most so many of the pictures, evenly from all classes."""
    return pictures[::max(1, -(-len(pictures) // most))]


def write(network, labels, calibration, out, name):
    """Quantizes and writes NAME.tflite and labels.txt; prints the line for CMake. Returns the model."""
    from exporting import to_model, write_model
    from folding import fold
    from quantizing import quantize
    out.mkdir(parents=True, exist_ok=True)
    model = to_model(quantize(fold(network.eval()), calibration), len(labels), name=name)
    file = out / f"{name}.tflite"
    write_model(model, file)
    (out / "labels.txt").write_text("".join(f"{label}\n" for label in labels))
    print(f"{file}: {file.stat().st_size:,} bytes, calibrated with {len(calibration)} pictures. For CMakeLists.txt:\n"
          f"  inlay_add_model({name} {file.resolve()} LABELS {(out / 'labels.txt').resolve()})", flush=True)
    return model


def evaluate_step(options):
    from evaluating import evaluate, report
    from exporting import read_model
    from network import load_checkpoint
    network, _, data = load_checkpoint(options.folder / "reader.pt")
    model = read_model(options.out / "reader.tflite")
    text = report(evaluate(options.folder, network, model, options.count, options.engine))
    text += f"- training took {data.get('minutes', 0):.0f} min\n"
    (options.out / "report.md").write_text(text)
    print(text, end="")


def samples_step(options):
    from classes import CHARACTERS, LABELS
    from drawing import Drawer
    from fonts import Atlas
    from pictures import png_bytes
    folder = options.out / "samples"
    folder.mkdir(parents=True, exist_ok=True)
    pictures, labels = Drawer(Atlas(options.folder / "atlas", "test"), SAMPLES_SEED, 0.1).batch(0, 200, 96)
    for label in [*CHARACTERS[::3], LABELS[-1]]:
        at = int((labels == LABELS.index(label)).nonzero()[0])
        (folder / f"{label}.png").write_bytes(png_bytes(pictures[at].numpy()))
    print(f"{folder}: {len(list(folder.glob('*.png')))} pictures")


def tune_step(options):
    from pictures import load_folder
    from tuning import load_start, tune, with_classes
    from evaluating import float_scores, integer_scores
    from network import save_checkpoint
    pictures, labels, names = load_folder(options.pictures)
    network, old = load_start(options.start)
    print(f"{len(labels)} pictures of {len(names)} classes: {', '.join(names)}", flush=True)
    network, used, held = tune(with_classes(network, old, names), pictures, labels, options.epochs,
                               device_of(options))
    model = write(network, names, spread(pictures[used]), options.out, options.name)
    save_checkpoint(options.out / f"{options.name}.pt", network, names)
    if held.any():
        right = [float((scores(network_or_model, pictures[held]).argmax(1) == labels[held].numpy()).mean())
                 for scores, network_or_model in ((float_scores, network), (integer_scores, model))]
        print(f"top-1 on {int(held.sum())} pictures that were held out: float {100 * right[0]:.1f} %, "
              f"INT8 {100 * right[1]:.1f} %")
    else:
        print("no picture was held out: give each class at least 5 to see an accuracy")


if __name__ == "__main__":
    sys.exit(main())
