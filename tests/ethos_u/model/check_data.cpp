// SPDX-License-Identifier: Apache-2.0
#include "access.hpp"
#include "check.hpp"

#include <algorithm>
#include <limits>

// A stream is played with numbers in place of data: each byte knows which operation wrote it, and
// whether it was read since.

namespace inlay::test::npu_model {
namespace {

constexpr int never = std::numeric_limits<int>::min();
constexpr int at_start = -1;

struct cell {
  int writer = never;
  bool was_read = false;
};

/// The writers of a row: the oldest and the newest one.
struct ages {
  int oldest = std::numeric_limits<int>::max();
  int newest = never;
};

bool same_place(const feature_map& a, const feature_map& b) {
  return a.region == b.region && a.base == b.base && a.stride_x == b.stride_x &&
         a.stride_y == b.stride_y && a.stride_c == b.stride_c && a.height == b.height &&
         a.width == b.width && a.depth == b.depth && a.height0 == b.height0 &&
         a.height1 == b.height1 && a.width0 == b.width0 && a.layout == b.layout &&
         a.element_bytes == b.element_bytes;
}

class player {
public:
  player(const program& what, const check_options& options, std::vector<finding>& findings)
      : program_(what), options_(options), findings_(findings) {
    for (std::size_t i = 0; i < options.region_bytes.size(); ++i) {
      const bool constant = is_constant(static_cast<int>(i));
      memory_.emplace_back(static_cast<std::size_t>(constant ? 0 : options.region_bytes[i]));
    }
    for (const given_area& area : options.given) {
      for (std::int64_t at = area.offset; at < area.offset + area.bytes; ++at) {
        cell_at(area.region, at) = {at_start, true};
      }
    }
  }

  void play() {
    for (const operation& one : program_.operations) {
      now_ = &one;
      if (one.is_kernel()) {
        kernel_operation(one);
      } else if (one.kind == kind::dma) {
        const accesses touched = accesses_of(one, program_.machine);
        take(touched.reads, "its source");
        give(touched.writes);
      }
    }
  }

private:
  [[nodiscard]] bool is_constant(int region) const {
    return std::find(options_.constants.begin(), options_.constants.end(), region) !=
           options_.constants.end();
  }

  cell& cell_at(int region, std::int64_t at) {
    return memory_[static_cast<std::size_t>(region)][static_cast<std::size_t>(at)];
  }

  void complain(const std::string& text) {
    findings_.push_back({now_->index, describe(*now_) + ": " + text});
  }

  [[nodiscard]] bool inside(const interval& part, std::string_view what) {
    const auto regions = static_cast<int>(options_.region_bytes.size());
    if (part.region < 0 || part.region >= regions) {
      complain(std::string(what) + " lies in region " + std::to_string(part.region) +
               ", which is not given");
      return false;
    }
    const std::int64_t size = options_.region_bytes[static_cast<std::size_t>(part.region)];
    if (part.begin < 0 || part.end < part.begin || part.end > size) {
      complain(std::string(what) + " has " + describe(part) + ", which has " +
               std::to_string(size));
      return false;
    }
    return true;
  }

  /// Reads bytes. @returns who wrote them.
  ages take(const intervals& parts, std::string_view what) {
    ages result;
    bool told = false;
    for (const interval& part : parts) {
      if (part.region == shram_region || !inside(part, what) || is_constant(part.region)) {
        continue;
      }
      for (std::int64_t at = part.begin; at < part.end; ++at) {
        cell& one = cell_at(part.region, at);
        one.was_read = true;
        if (one.writer == never && !told) {
          complain(std::string(what) + ": byte " + std::to_string(at) + " of region " +
                   std::to_string(part.region) + " is read before it is written");
          told = true;
        }
        result.oldest = std::min(result.oldest, one.writer);
        result.newest = std::max(result.newest, one.writer);
      }
    }
    return result;
  }

  void give(const intervals& parts) {
    bool told = false;
    for (const interval& part : parts) {
      if (part.region == shram_region || !inside(part, "the output")) {
        continue;
      }
      if (is_constant(part.region)) {
        complain("it writes region " + std::to_string(part.region) + ", which holds constants");
        continue;
      }
      for (std::int64_t at = part.begin; at < part.end; ++at) {
        cell& one = cell_at(part.region, at);
        if (options_.all_is_read && one.writer >= 0 && !one.was_read && !told) {
          complain("byte " + std::to_string(at) + " of region " + std::to_string(part.region) +
                   " is overwritten, and nothing has read what " +
                   describe(program_.operations[static_cast<std::size_t>(one.writer)]) + " wrote");
          told = true;
        }
        one = {now_->index, false};
      }
    }
  }

  void read_tensor(const feature_map& map, std::string_view name) {
    ages above;
    for (int y = 0; y < map.height; ++y) {
      box row = whole(map);
      row.y = y;
      row.end_y = y + 1;
      const std::size_t before = findings_.size();
      const ages here = take(bytes_of(map, row), name);
      if (findings_.size() != before) {
        return; // one complaint for a tensor
      }
      if (options_.rows_in_order && y > 0 && above.newest > here.newest) {
        complain(std::string(name) + ": row " + std::to_string(y - 1) + " was written by " +
                 describe(program_.operations[static_cast<std::size_t>(above.newest)]) +
                 ", after the row below it: a ring that was overwritten too early");
        return;
      }
      above = here;
    }
  }

  void kernel_operation(const operation& one) {
    const intervals out = bytes_of(one.ofm, whole(one.ofm));
    const intervals joined = united(out);
    std::int64_t bytes = 0;
    for (const interval& part : joined) {
      bytes += part.end - part.begin;
    }
    if (bytes !=
        std::int64_t{one.ofm.height} * one.ofm.width * one.ofm.depth * one.ofm.element_bytes) {
      complain("elements of the output lie over one another");
    }
    overlap(one, one.ifm, joined, "the input");
    read_tensor(one.ifm, "the input");
    if (one.has_ifm2()) {
      overlap(one, one.ifm2, joined, "the second input");
      read_tensor(one.ifm2, "the second input");
    }
    if (one.has_weights()) {
      for (std::size_t core = 0; core < static_cast<std::size_t>(one.cores); ++core) {
        const range& weights = one.weights[core];
        const range& scales = one.scales[core];
        take({{one.weight_region, weights.base, weights.base + weights.bytes}}, "its weights");
        take({{one.scale_region, scales.base, scales.base + scales.bytes}}, "its scales");
      }
    }
    give(joined);
  }

  /// An output may take the place of an input only element by element.
  void overlap(const operation& one, const feature_map& input, const intervals& written,
               const std::string& name) {
    if (one.kind == kind::elementwise && same_place(input, one.ofm)) {
      return;
    }
    if (meet(united(bytes_of(input, whole(input))), written)) {
      complain("the output overwrites " + name + " while it is read");
    }
  }

  const program& program_;
  const check_options& options_;
  std::vector<finding>& findings_;
  std::vector<std::vector<cell>> memory_;
  const operation* now_ = nullptr;
};

} // namespace

std::vector<finding> check_data(const program& what, const check_options& options) {
  std::vector<finding> findings;
  player(what, options, findings).play();
  return findings;
}

std::vector<finding> check(const program& what, const check_options& options) {
  std::vector<finding> findings = check_registers(what);
  if (!findings.empty()) {
    return findings; // the others count on sound tensors
  }
  const auto add = [&](const std::vector<finding>& more) {
    findings.insert(findings.end(), more.begin(), more.end());
  };
  add(check_shram(what));
  add(check_data(what, options));
  add(check_waits(what));
  add(check_block_dependencies(what));
  return findings;
}

std::string text_of(const std::vector<finding>& findings) {
  std::string text;
  for (const finding& one : findings) {
    text += one.text + '\n';
  }
  return text;
}

} // namespace inlay::test::npu_model
