// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "memory.hpp"
#include "stream_error.hpp"

#include <algorithm>

namespace inlay::test::npu_model {
namespace {

std::string number(std::int64_t value) {
  return std::to_string(value);
}

/// What one operation's registers say, looked at by themselves.
class register_check {
public:
  register_check(const operation& what, const machine& npu, std::vector<finding>& findings)
      : what_(what), npu_(npu), findings_(findings) {}

  void run() {
    for (const std::string_view name : what_.unset) {
      expect(false, "the register " + std::string(name) + " was never set");
    }
    if (what_.kind == kind::dma) {
      transfer();
    } else if (what_.is_kernel()) {
      kernel_operation();
    }
  }

private:
  void expect(bool right, const std::string& text) {
    if (!right) {
      findings_.push_back({what_.index, describe(what_) + ": " + text});
    }
  }

  void multiple(std::string_view name, std::int64_t value, int of) {
    expect(value % of == 0,
           std::string(name) + " is " + number(value) + ", no multiple of " + number(of));
  }

  /// The larger NPU moves bytes; only what lies in SHRAM is aligned.
  void transfer() {
    const bool any_byte = npu_.outstanding_dma > 1 && !what_.into_shram();
    expect(what_.parameter == 0, "the mode of DMA_START is " + number(what_.parameter));
    expect(what_.bytes > 0 && what_.rows > 0 && what_.planes > 0, "nothing is transferred");
    expect(what_.has_few_rows(), "it transfers " + number(what_.planes) + " planes of " +
                                     number(what_.rows) + " rows of " + number(what_.bytes) +
                                     " bytes");
    const int dimensions = std::max(what_.source_dimensions, what_.target_dimensions);
    expect(dimensions <= 3, "a region of DMA names a fourth dimension");
    if (!any_byte) {
      multiple("the transfer's target", what_.target, 16);
      multiple("the transfer's length", what_.bytes, 16);
      multiple("the transfer's gap between rows", what_.row_skip, 16);
      multiple("the transfer's gap between planes", what_.plane_skip, 16);
    }
    if (npu_.outstanding_dma == 1) {
      multiple("the transfer's source", what_.source, 16);
    }
  }

  void kernel_operation() {
    tensor(what_.ifm, "IFM");
    tensor(what_.ofm, "OFM");
    if (what_.has_ifm2()) {
      tensor(what_.ifm2, "IFM2");
    }
    expect(static_cast<int>(what_.rounding) <= 2, "the rounding does not exist");
    expect(what_.activation_min <= what_.activation_max || what_.ofm.element_bytes > 1,
           "ACTIVATION_MIN is " + number(what_.activation_min) + ", ACTIVATION_MAX " +
               number(what_.activation_max));
    const int activation = what_.activation & 0xFFF;
    expect(activation == 0 || what_.has_curve() || what_.has_table(),
           "ACTIVATION is " + number(activation) +
               "; there are none (0), TANH (3), SIGMOID (4) and tables (16 to 23)");
    expect(!what_.has_curve() || what_.ofm.element_bytes < 4,
           "TANH and SIGMOID give 8 or 16 bits, and the output has 32");
    expect(what_.cores <= npu_.cores, "PARALLEL_MODE asks for " + number(what_.cores) + " cores");
    expect(what_.cores == npu_.cores || !what_.has_weights(),
           "PARALLEL_MODE asks for " + number(what_.cores) + " cores of " + number(npu_.cores));
    if (what_.kind == kind::elementwise) {
      elementwise_operation();
    } else {
      window();
    }
    if (what_.has_weights() && what_.cores <= npu_.cores) {
      weights();
    }
    if (what_.kind == kind::pool) {
      pool();
    }
  }

  void tensor(const feature_map& map, const std::string& name) {
    try {
      expect_sound(map, name);
    } catch (const stream_error& error) {
      expect(false, error.what());
      return;
    }
    expect(map.region < 8, name + "_REGION is " + number(map.region) + "; there are 8");
    const int types = map.element_bytes == 4 && !map.is_signed ? 1 : 0;
    expect(types == 0, name + "_PRECISION names unsigned elements of 32 bits");
    const bool bricks = map.layout == tensor_layout::nhcwb16;
    const int unit = bricks ? 16 : map.element_bytes;
    for (std::size_t tile = 0; tile < map.base.size(); ++tile) {
      multiple(name + "_BASE" + number(static_cast<std::int64_t>(tile)), map.base[tile], unit);
    }
    multiple(name + "_STRIDE_Y", map.stride_y, unit);
    if (bricks) {
      multiple(name + "_STRIDE_C", map.stride_c, unit);
    } else {
      multiple(name + "_STRIDE_X", map.stride_x, unit);
    }
    if (map.is_signed) {
      expect(map.zero_point >= map.least() && map.zero_point <= map.greatest(),
             name + "_ZERO_POINT is " + number(map.zero_point));
    }
  }

  void elementwise_operation() {
    expect(what_.parameter <= 9, "the mode " + number(what_.parameter) + " does not exist");
    expect(what_.ifm.depth == what_.ofm.depth, "an input of " + number(what_.ifm.depth) +
                                                   " channels and an output of " +
                                                   number(what_.ofm.depth));
    expect(what_.scale_mode < 3 && (what_.scale_mode == 0 || what_.ifm.element_bytes < 4),
           "the scale mode of operands is " + number(what_.scale_mode));
    if (what_.has_scalar() || what_.has_ifm2()) {
      expect(what_.ifm.element_bytes == what_.ifm2.element_bytes,
             "inputs of " + number(what_.ifm.element_bytes) + " and of " +
                 number(what_.ifm2.element_bytes) + " bytes an element");
    }
  }

  void window() {
    expect(what_.stride_x <= 3 && what_.stride_y <= 3, "the stride is " + number(what_.stride_y) +
                                                           "x" + number(what_.stride_x) +
                                                           "; 3 is the most");
    expect(what_.kernel_height <= 64,
           "KERNEL_HEIGHT_M1 is " + number(what_.kernel_height - 1) + "; 63 is the most");
    expect(what_.kernel_height * what_.kernel_width <= 64 * 64,
           "the kernel has " + number(what_.kernel_height) + "x" + number(what_.kernel_width) +
               " elements; 4096 are the most");
    expect((what_.kernel_height - 1) % what_.dilation_y == 0 &&
               (what_.kernel_width - 1) % what_.dilation_x == 0,
           "the kernel's extent is none that its dilation gives");
    expect(what_.pad_top < what_.kernel_height && what_.pad_bottom < what_.kernel_height &&
               what_.pad_left < what_.kernel_width && what_.pad_right < what_.kernel_width,
           "it is padded by as much as the kernel's extent");
    expect(what_.upscale <= 2, "IFM_UPSCALE is " + number(what_.upscale));
    expect(!what_.part_kernel || what_.kind == kind::convolution,
           "only convolutions take parts of the kernel first");
  }

  void weights() {
    expect(what_.sum_format <= 1, "ACC_FORMAT is " + number(what_.sum_format));
    if (what_.kind == kind::depthwise) {
      expect(what_.ifm.depth == what_.ofm.depth, "an input of " + number(what_.ifm.depth) +
                                                     " channels and an output of " +
                                                     number(what_.ofm.depth));
    }
    for (std::size_t core = 0; core < static_cast<std::size_t>(what_.cores); ++core) {
      const std::string which = core == 0 ? "" : "1";
      multiple("WEIGHT" + which + "_BASE", what_.weights[core].base, 16);
      multiple("WEIGHT" + which + "_LENGTH", what_.weights[core].bytes, 16);
      multiple("SCALE" + which + "_BASE", what_.scales[core].base, 16);
      multiple("SCALE" + which + "_LENGTH", what_.scales[core].bytes, 16);
      const int channels =
          (what_.ofm.depth - static_cast<int>(core) + what_.cores - 1) / what_.cores;
      expect(what_.scales[core].bytes >= std::int64_t{channels} * 10,
             "SCALE" + which + "_LENGTH is " + number(what_.scales[core].bytes) + " for " +
                 number(channels) + " channels of 10 bytes");
    }
  }

  void pool() {
    expect(what_.parameter <= 2, "the mode " + number(what_.parameter) + " does not exist");
    if (what_.pool_mode() == pooling::reduce_sum) {
      expect(what_.ofm.depth == 1 && what_.kernel_height == 1 && what_.kernel_width == 1,
             "REDUCE_SUM gives one channel and has a kernel of 1x1");
    } else {
      expect(what_.ifm.depth == what_.ofm.depth, "an input of " + number(what_.ifm.depth) +
                                                     " channels and an output of " +
                                                     number(what_.ofm.depth));
    }
    const bool padded = what_.pad_top + what_.pad_left + what_.pad_bottom + what_.pad_right > 0;
    expect(!padded || what_.pool_mode() != pooling::average ||
               (what_.kernel_height <= 8 && what_.kernel_width <= 8),
           "an average over a padded window takes kernels up to 8x8");
  }

  const operation& what_;
  const machine& npu_;
  std::vector<finding>& findings_;
};

} // namespace

std::vector<finding> check_registers(const program& what) {
  std::vector<finding> findings;
  for (const operation& one : what.operations) {
    register_check(one, what.machine, findings).run();
  }
  return findings;
}

} // namespace inlay::test::npu_model
