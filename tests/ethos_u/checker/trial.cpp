// SPDX-License-Identifier: Apache-2.0
#include "trial.hpp"

#include <algorithm>

namespace inlay::test::npu_model {

check_options options_for(const captured& stream, const program& what) {
  check_options options;
  options.region_bytes = {static_cast<std::int64_t>(stream.constants.size()),
                          static_cast<std::int64_t>(stream.arena.size())};
  const auto first = std::find_if(what.operations.begin(), what.operations.end(),
                                  [](const operation& one) { return one.is_kernel(); });
  options.given = {{first->ifm.region, first->ifm.base[0], stream.image_bytes}};
  return options;
}

trial trial_of(const captured& stream) {
  const program what = decode(stream.payload);
  return {what, options_for(stream, what), stream.constants, stream.arena};
}

trial::trial(program good, check_options options, std::vector<std::byte> constants,
             std::vector<std::byte> arena)
    : good_(std::move(good)), options_(std::move(options)), constants_(std::move(constants)),
      arena_(std::move(arena)) {
  const std::vector<finding> findings = check(good_, options_);
  if (!findings.empty()) {
    throw stream_error(text_of(findings));
  }
  expected_ = run(good_, constants_);
}

trial::outputs trial::run(const program& what, const std::vector<std::byte>& constants) const {
  std::vector<std::byte> arena = arena_;
  const std::vector<region> regions{std::span<const std::byte>(constants),
                                    std::span<std::byte>(arena)};
  outputs made;
  ethos_u_model().run(what, regions, [&](const operation& one, std::span<const region> after) {
    if (one.is_kernel()) {
      made.push_back(tensor_bytes(one.ofm, after));
    }
  });
  return made;
}

std::string trial::noticed_by(const program& changed) const {
  return noticed_by(changed, constants_);
}

std::string trial::noticed_by(const program& changed,
                              const std::vector<std::byte>& constants) const {
  if (!check(changed, options_).empty()) {
    return "checker";
  }
  try {
    return run(changed, constants) == expected_ ? "" : "values";
  } catch (const stream_error&) {
    return "model";
  }
}

} // namespace inlay::test::npu_model
