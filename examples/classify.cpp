// SPDX-License-Identifier: Apache-2.0
//
// Says what is on a picture, with the network that it is built for.

#include "files.hpp"
#include "network_runner.hpp"
#include "options.hpp"
#include "picture.hpp"
#include "report.hpp"
#include "scores.hpp"

#include <inlay/program/dispatched.hpp>
#include <inlay/tensor/xtensor.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <networks/app_network.hpp>

namespace {

using app::network;
using input = network::input;
using output = network::output<>;

static_assert(network::outputs == 1, "classify expects a network with one output");

constexpr auto& labels = models::app_model::labels;
constexpr std::size_t classes = output::view::extent;

/// The name of a class: its label, where there are as many labels as classes.
std::string label_of(std::size_t number) {
  if constexpr (labels.size() == classes) {
    return std::string(labels[number]);
  } else {
    return fmt::format("class {}", number);
  }
}

void warn_of_labels() {
  if (labels.size() != classes && !labels.empty()) {
    fmt::print(stderr,
               "classify: warning: built with {} labels for a network of {} classes, expected as "
               "many. Classes are shown by their number; build with the labels of this network "
               "(lists of 1000 and of 1001 lines differ in a first line \"background\").\n",
               labels.size(), classes);
  }
}

/// Decodes a picture and makes it fit the network.
void encode(const std::string& path, app::image& to) {
  constexpr inlay::shape expected = input::shape;
  if constexpr (expected.rank == 3 && (expected[2] == 1 || expected[2] == 3)) {
    const app::picture fitting =
        app::resize(app::read_picture(path, expected[2]), static_cast<std::size_t>(expected[0]),
                    static_cast<std::size_t>(expected[1]));
    inlay::as_xtensor(input::view(to.data())) = inlay::encode_picture<input>(fitting);
  } else {
    throw app::user_error(fmt::format(
        "{}: this network takes {}, expected height x width x 1 or 3 for a picture; give its "
        "input with --raw-input",
        path, app::words(input::type)));
  }
}

/// On the processor, with one kernel set.
class processor_runner : public app::network_runner {
public:
  explicit processor_runner(const inlay::kernel_set& set) : with_(set) {}

  scores infer(const app::image& given) override { return with_.infer(given, memory_); }
  std::vector<app::kernel_span> profile(const app::image& /*given*/) override {
    throw app::user_error("--profile is for --target opencl; for a processor, bench/run host "
                          "measures each step");
  }
  [[nodiscard]] std::string name() const override { return std::string(with_.set().name); }

private:
  using program = inlay::dispatched<network>;

  program with_;
  program::workspace memory_{with_};
};

std::unique_ptr<app::network_runner> open(const app::classify_options& wishes) {
  if (wishes.target == "opencl") {
    return app::open_opencl(wishes);
  }
  const inlay::kernel_choice chosen =
      inlay::dispatch(networks::app_network::kernel_sets(), wishes.isa);
  if (chosen.set == nullptr) {
    throw app::user_error(std::string(chosen.complaint.view()));
  }
  return std::make_unique<processor_runner>(*chosen.set);
}

/// Runs the network and reports its output.
app::answer classify(app::network_runner& with, const app::image& given,
                     const app::classify_options& wishes) {
  const auto scores = with.infer(given);
  std::vector<double> microseconds;
  for (int run = 0; run < wishes.repeat; ++run) {
    const auto start = std::chrono::steady_clock::now();
    with.infer(given);
    const std::chrono::duration<double, std::micro> passed =
        std::chrono::steady_clock::now() - start;
    microseconds.push_back(passed.count());
  }
  if (!wishes.raw_output.empty()) {
    app::write_file(wishes.raw_output, app::bytes_in(scores));
  }
  app::answer result;
  const auto probability = app::probabilities<network>(scores);
  for (const std::size_t number : app::best_classes(probability, wishes.top)) {
    result.best.push_back({number, label_of(number), probability[number]});
  }
  if (wishes.repeat > 0) {
    result.time = app::summarize(microseconds);
  }
  if (!wishes.profile.empty()) {
    result.profile = with.profile(given);
  }
  return result;
}

app::answer answer_for(app::network_runner& with, const std::string& path, bool raw,
                       const app::classify_options& wishes) {
  static app::image given;
  app::answer result;
  try {
    if (raw) {
      app::read_input(path, given);
    } else {
      encode(path, given);
    }
    result = classify(with, given, wishes);
  } catch (const std::exception& problem) {
    result.error = problem.what();
    fmt::print(stderr, "classify: {}\n", problem.what());
  }
  result.picture = path;
  return result;
}

int run(const app::classify_options& wishes) {
  if (wishes.list_devices) {
    app::list_opencl_devices();
    return 0;
  }
  const auto with = open(wishes);
  warn_of_labels();
  std::vector<app::answer> answers;
  const auto add = [&](const std::string& path, bool raw) {
    answers.push_back(answer_for(*with, path, raw, wishes));
    if (!wishes.json && answers.back().error.empty()) {
      app::print(answers.back());
    }
    if (!answers.back().profile.empty()) {
      const std::string drawn = app::draw(answers.back().profile, path + " on " + with->name());
      app::write_file(wishes.profile,
                      {reinterpret_cast<const unsigned char*>(drawn.data()), drawn.size()});
    }
  };
  if (!wishes.raw_input.empty()) {
    add(wishes.raw_input, true);
  }
  for (const std::string& path : wishes.pictures) {
    add(path, false);
  }
  if (wishes.json) {
    app::print_json(answers);
  }
  return std::all_of(answers.begin(), answers.end(),
                     [](const app::answer& one) { return one.error.empty(); })
             ? 0
             : 1;
}

} // namespace

int main(int argc, char** argv) {
  int exit_code = 0;
  const auto wishes = app::read_classify_options(argc, argv, app::words(input::type),
                                                 app::words(output::type), exit_code);
  if (!wishes) {
    return exit_code;
  }
  try {
    return run(*wishes);
  } catch (const app::user_error& problem) {
    fmt::print(stderr, "classify: {}\n", problem.what());
    return 2;
  }
}
