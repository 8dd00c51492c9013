// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "words.hpp"

#include <nlohmann/json.hpp>
#include <numeric>
#include <vector>

namespace inspect {

using json = nlohmann::ordered_json;

inline json extents_of(const inlay::shape& shape) {
  return std::vector<int>(shape.extents.data(), shape.extents.data() + shape.rank);
}

inline json json_of(const inspection& seen, int number) {
  const inlay::tensor& one = seen.tensor(number);
  json out{{"tensor", number},
           {"name", seen.name_of(number)},
           {"type", name_of(one.type.element)},
           {"shape", extents_of(one.type.shape)},
           {"bytes", one.type.bytes()},
           {"scale", one.type.quantization.scale},
           {"zero_point", one.type.quantization.zero_point},
           {"constant", one.is_constant}};
  if (one.per_channel()) {
    out["channel_axis"] = one.channel_axis;
    for (std::size_t i = 0; i < one.channel_count(); ++i) {
      out["channel_scales"].push_back(one.scale(i));
    }
  }
  return out;
}

inline json json_of(const inlay::counts& costs) {
  return {{"macs", costs.multiply_accumulates},
          {"weights_bytes", costs.weights},
          {"biases_bytes", costs.biases * 4}};
}

inline json operators_of(const inspection& seen) {
  json list = json::array();
  for (int i = 0; i < seen.graph.node_count; ++i) {
    const inlay::node& which = seen.graph[i];
    const form_counts& counts = seen.forms[static_cast<std::size_t>(i)];
    json forms = json::object();
    for (std::size_t k = 0; k < seen.target.forms.size(); ++k) {
      forms[std::string(seen.target.forms[k].name)] = counts[k];
    }
    const bool has_kernel = !seen.is_folded(i) && !seen.is_fused(i) && !seen.is_alias(i);
    json one{
        {"operator", i},
        {"name", name_of(which.what)},
        {"kernel", has_kernel ? json(seen.kernel_of(i)) : json()},
        {"step", seen.is_folded(i) ? json() : json(seen.step_of(i))},
        {"folded", seen.is_folded(i)},
        {"fused", seen.is_fused(i)},
        {"alias", seen.is_alias(i)},
        {"inputs", std::vector<int>(which.inputs.data(), which.inputs.data() + which.input_count)},
        {"output", which.output},
        {"window", window_of(seen.graph, which)},
        {"activation", activation_of(which)},
        {"requantized", std::accumulate(counts.begin(), counts.end(), 0)},
        {"requantization", forms}};
    one.update(json_of(count(seen.graph, which)));
    list.push_back(one);
  }
  return list;
}

/// The tensors that operators use, in the order of their numbers.
inline json tensors_of(const inspection& seen) {
  std::vector<bool> used(capacity.tensors);
  used[static_cast<std::size_t>(seen.graph.input)] = true;
  for (int i = 0; i < seen.graph.node_count; ++i) {
    const inlay::node& which = seen.graph[i];
    used[static_cast<std::size_t>(which.output)] = true;
    for (int k = 0; k < which.input_count; ++k) {
      if (const int number = which.inputs[static_cast<std::size_t>(k)]; number >= 0) {
        used[static_cast<std::size_t>(number)] = true;
      }
    }
  }
  json list = json::array();
  for (int number = 0; number < seen.graph.tensor_count; ++number) {
    if (used[static_cast<std::size_t>(number)]) {
      list.push_back(json_of(seen, number));
    }
  }
  return list;
}

inline json plan_of(const inspection& seen) {
  json list = json::array();
  for (int i = 0; i < seen.plan.count; ++i) {
    const inlay::allocation& one = seen.plan[i];
    list.push_back({{"tensor", one.tensor < 0 ? json() : json(one.tensor)},
                    {"bytes", one.bytes},
                    {"offset", one.offset},
                    {"first_step", one.first},
                    {"last_step", one.last},
                    {"in_place_of", one.in_place_of < 0 ? json() : json(one.in_place_of)}});
  }
  return {{"arena_bytes", seen.plan.arena_bytes},
          {"lower_bound", seen.plan.lower_bound},
          {"alignment", seen.plan.alignment},
          {"steps", seen.schedule.step_count},
          {"busiest_step", seen.busiest_step()},
          {"live_bytes", seen.live_bytes},
          {"allocations", list}};
}

inline void print_line(const json& out) {
  fmt::print("{}\n", out.dump(1, ' ', false, json::error_handler_t::replace));
}

/// Everything about a model as one object.
inline json json_of(const inspection& seen) {
  json out{{"file", seen.path}, {"file_bytes", seen.file.size()}, {"target", seen.target.name}};
  out.update(json_of(count(seen.graph)));
  out["input"] = seen.graph.input;
  out["outputs"] = std::vector<int>(seen.graph.outputs.data(),
                                    seen.graph.outputs.data() + seen.graph.output_count);
  out["operators"] = operators_of(seen);
  out["tensors"] = tensors_of(seen);
  out["plan"] = plan_of(seen);
  return out;
}

} // namespace inspect
