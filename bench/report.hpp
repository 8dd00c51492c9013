// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../targets/host/text_report.hpp"
#include "runner.hpp"

#include <fmt/format.h>
#include <functional>
#include <nlohmann/json.hpp>

// What the programs here have in common to say.

namespace CLI {
class App;
}

namespace bench {

using inspect::table;

/// The options --model and --isa.
void add_model_options(CLI::App& app, std::string& model, std::string& isa);

/// GMAC/s; empty where nothing is multiplied.
std::string rate(std::int64_t multiply_accumulates, double microseconds);

/// The operators of a piece by number: "3-6".
std::string numbers_of(const piece& part);
/// The last operator of a piece.
std::string operator_of(const network& what, const piece& part);
/// Its shape.
std::string output_of(const network& what, const piece& part);

/// index, layer, output, kernel, multiply_accumulates; `operators` says how many are in it.
nlohmann::ordered_json json_of_piece(const network& what, const piece& part);

/// What `program` returns; 1 where it throws, after saying why.
int guarded(const std::function<int()>& program);

} // namespace bench
