// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <inlay/graph/check.hpp>
#include <inlay/import/flatbuffer.hpp>
#include <inlay/import/schema.hpp>

namespace inlay::tflite {

/// The extents of a tensor as the file has them, with the batch.
struct full_shape {
  static constexpr int max_rank = 5;
  int rank = 0;
  std::array<std::int32_t, max_rank> extents{};

  [[nodiscard]] constexpr std::int32_t operator[](int axis) const {
    return extents[static_cast<std::size_t>(axis)];
  }
  constexpr void append(std::int32_t extent) { extents[static_cast<std::size_t>(rank++)] = extent; }

  friend constexpr bool operator==(const full_shape&, const full_shape&) = default;
  friend constexpr text& operator<<(text& out, const full_shape& self) {
    out << "[";
    for (int axis = 0; axis < self.rank; ++axis) {
      out << (axis > 0 ? "," : "") << self[axis];
    }
    return out << "]";
  }
};

/// Whether the first extent of an activation is a batch, which inlay leaves out; a matrix of
/// several rows, as FULLY_CONNECTED may make one, has none.
constexpr bool has_batch(const full_shape& full) {
  return full.rank > 2 || (full.rank == 2 && full[0] == 1);
}

/// A model file: its bytes and its parts that every operator needs.
class file {
public:
  constexpr file(const unsigned char* data, std::size_t size, diagnosis& found)
      : bytes_{data, size}, found_(found) {
    open();
  }

  [[nodiscard]] constexpr flatbuffer::buffer& bytes() { return bytes_; }
  [[nodiscard]] constexpr diagnosis& found() { return found_; }
  /// What a graph of this file needs; nothing if it could not be opened.
  [[nodiscard]] constexpr graph_size size() const {
    return found_.ok() ? graph_size{tensors_.count, operators_.count} : graph_size{};
  }
  [[nodiscard]] constexpr const flatbuffer::vector& inputs() const { return inputs_; }
  [[nodiscard]] constexpr const flatbuffer::vector& outputs() const { return outputs_; }

  [[nodiscard]] constexpr flatbuffer::table operator_at(std::size_t index) {
    return flatbuffer::table_at(bytes_, operators_, index);
  }
  [[nodiscard]] constexpr flatbuffer::table code_at(std::size_t index) {
    return flatbuffer::table_at(bytes_, codes_, index);
  }

  /// Complains if anything that was read so far lay outside the file.
  constexpr bool intact() {
    return found_.expect(bytes_.intact, "the file is damaged: an offset in it leads out of its ",
                         bytes_.size, " bytes; expected a whole .tflite file");
  }

  constexpr bool read_shape(std::size_t number, full_shape& out) {
    const auto extents = tensor_at(number).elements(bytes_, schema::tensor::shape, 4);
    if (!found_.expect(extents.count <= full_shape::max_rank, "tensor ", number, " has ",
                       extents.count, " extents, expected at most ", full_shape::max_rank)) {
      return false;
    }
    for (std::size_t axis = 0; axis < extents.count; ++axis) {
      out.append(flatbuffer::number_at<std::int32_t>(bytes_, extents, axis));
    }
    return intact();
  }

  /// Reads tensor `number` as a constant if it has data, else as an activation.
  constexpr bool read_tensor(int number, tensor& out) {
    const flatbuffer::table from = tensor_at(static_cast<std::size_t>(number));
    const auto type = from.scalar<std::int8_t>(bytes_, schema::tensor::type);
    const auto name = from.elements(bytes_, schema::tensor::name, 1);
    out.name = {bytes_.data + name.first, name.count};
    full_shape full;
    return intact() && read_shape(static_cast<std::size_t>(number), full) &&
           read_type(number, type, out.type.element) &&
           found_.expect(!from.child(bytes_, schema::tensor::sparsity).present(), "tensor ", number,
                         " is sparse, expected a dense one") &&
           found_.expect(from.scalar<std::uint8_t>(bytes_, schema::tensor::is_variable) == 0,
                         "tensor ", number,
                         " is variable (it keeps its value between inferences), expected none") &&
           has_fixed_shape(number, from) && read_data(number, from, out) &&
           read_extents(number, full, out) &&
           (!is_quantized(out.type.element) || read_quantization(number, from, out));
  }

  /// The values of a constant int32 or int64 tensor of at most 16 elements.
  constexpr bool read_integers(const tensor& from, std::string_view role,
                               std::array<std::int64_t, 16>& values, int& count) {
    if (!found_.expect(from.is_constant, "its ", role,
                       " are computed at run time, expected a constant") ||
        !found_.expect(from.type.element == element::int32 || from.type.element == element::int64,
                       "its ", role, " are ", name_of(from.type.element), ", expected int32") ||
        !found_.expect(from.type.shape.elements() <= 16, "its ", role, " have ",
                       from.type.shape.elements(), " values, expected at most 16")) {
      return false;
    }
    count = static_cast<int>(from.type.shape.elements());
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      values[i] = from.type.element == element::int32 ? from.data.at<std::int32_t>(i)
                                                      : from.data.at<std::int64_t>(i);
    }
    return true;
  }

private:
  /// A batch that is open in the file is 1 here; any other open extent is refused.
  constexpr bool has_fixed_shape(int number, const flatbuffer::table& from) {
    const auto signature = from.elements(bytes_, schema::tensor::shape_signature, 4);
    for (std::size_t axis = 1; axis < signature.count; ++axis) {
      const auto extent = flatbuffer::number_at<std::int32_t>(bytes_, signature, axis);
      if (!found_.expect(extent >= 0, "tensor ", number,
                         " has an extent that is known only at run "
                         "time (axis ",
                         axis, "), expected a fixed shape")) {
        return false;
      }
    }
    return intact();
  }

  [[nodiscard]] constexpr flatbuffer::table tensor_at(std::size_t number) {
    return flatbuffer::table_at(bytes_, tensors_, number);
  }

  constexpr void open() {
    constexpr std::string_view magic = schema::identifier;
    if (!found_.expect(bytes_.size >= 8, "the file has ", bytes_.size,
                       " bytes, expected a .tflite file")) {
      return;
    }
    for (std::size_t i = 0; i < magic.size(); ++i) {
      if (!found_.expect(bytes_.data[4 + i] == static_cast<unsigned char>(magic[i]),
                         "the file does not have \"", magic,
                         "\" at byte 4, expected a .tflite file")) {
        return;
      }
    }
    const flatbuffer::table root{bytes_, bytes_.follow(0)};
    const auto version = root.scalar<std::uint32_t>(bytes_, schema::model::version);
    codes_ = root.elements(bytes_, schema::model::operator_codes, 4);
    buffers_ = root.elements(bytes_, schema::model::buffers, 4);
    const auto subgraphs = root.elements(bytes_, schema::model::subgraphs, 4);
    if (!intact() ||
        !found_.expect(version == schema::version, "the file has schema version ", version,
                       ", expected ", schema::version) ||
        !found_.expect(subgraphs.count == 1, "the file has ", subgraphs.count,
                       " subgraphs, expected 1")) {
      return;
    }
    const flatbuffer::table only = flatbuffer::table_at(bytes_, subgraphs, 0);
    tensors_ = only.elements(bytes_, schema::subgraph::tensors, 4);
    inputs_ = only.elements(bytes_, schema::subgraph::inputs, 4);
    outputs_ = only.elements(bytes_, schema::subgraph::outputs, 4);
    operators_ = only.elements(bytes_, schema::subgraph::operators, 4);
    if (intact()) {
      found_.expect(tensors_.count >= 1 && operators_.count >= 1, "the file has ", tensors_.count,
                    " tensors and ", operators_.count, " operators, expected at least one each");
    }
  }

  constexpr bool read_type(int number, int type, element& out) {
    switch (type) {
    case schema::type::int8:
      out = element::int8;
      return true;
    case schema::type::uint8:
      out = element::uint8;
      return true;
    case schema::type::int32:
      out = element::int32;
      return true;
    case schema::type::int64:
      out = element::int64;
      return true;
    case schema::type::float32:
      out = element::float32;
      return true;
    default:
      return found_.fail("tensor ", number, " is ", schema::name_of_type(type),
                         ", expected int8 or uint8 (int32 biases, float32 at the edges)");
    }
  }

  constexpr bool read_data(int number, const flatbuffer::table& from, tensor& out) {
    const auto index = from.scalar<std::uint32_t>(bytes_, schema::tensor::buffer);
    if (!found_.expect(index < buffers_.count || index == 0, "tensor ", number, " is in buffer ",
                       index, ", expected one of the file's ", buffers_.count)) {
      return false;
    }
    const flatbuffer::table place = flatbuffer::table_at(bytes_, buffers_, index);
    const auto data = place.elements(bytes_, schema::buffer::data, 1);
    if (index != 0 && data.count > 0) {
      out.data = {bytes_.data + data.first, data.count};
      out.is_constant = true;
    }
    return intact();
  }

  /// Leaves out an activation's batch, which must be 1, and compares a constant's extents with
  /// the size of its data.
  constexpr bool read_extents(int number, const full_shape& full, tensor& out) {
    const bool batch = !out.is_constant && has_batch(full);
    if (batch &&
        !found_.expect(full[0] == 1, "tensor ", number, " has no data and the extents ", full,
                       "; expected a batch of 1 if it is computed, data if it is a constant")) {
      return false;
    }
    if (!found_.expect(full.rank - (batch ? 1 : 0) <= shape::max_rank, "tensor ", number,
                       " has the extents ", full, ", expected at most ", shape::max_rank,
                       batch ? " and a batch" : "")) {
      return false;
    }
    std::int64_t elements = 1;
    for (int axis = batch ? 1 : 0; axis < full.rank; ++axis) {
      out.type.shape.append(full[axis]);
      elements *= full[axis];
      if (!found_.expect(full[axis] >= 1 && elements <= checks::max_elements, "tensor ", number,
                         " has the extents ", full, ", expected each to be at least 1 and at most ",
                         checks::max_elements, " elements")) {
        return false;
      }
    }
    return !out.is_constant ||
           found_.expect(static_cast<std::int64_t>(out.data.size) == out.type.bytes(), "tensor ",
                         number, " (", name_of(out.type.element), " ", full, ") has ",
                         out.data.size, " bytes of data, expected ", out.type.bytes());
  }

  constexpr bool read_quantization(int number, const flatbuffer::table& from, tensor& out) {
    const flatbuffer::table q = from.child(bytes_, schema::tensor::quantization);
    const auto scales = q.elements(bytes_, schema::quantization::scale, 4);
    const auto zero_points = q.elements(bytes_, schema::quantization::zero_point, 8);
    const auto custom = q.scalar<std::uint8_t>(bytes_, schema::quantization::details_type);
    if (!intact() ||
        !found_.expect(custom == 0, "tensor ", number,
                       " has a custom quantization, expected scale and zero point") ||
        !found_.expect(zero_points.count <= 1 || zero_points.count == scales.count, "tensor ",
                       number, " has ", scales.count, " scales and ", zero_points.count,
                       " zero points, expected as many or one")) {
      return false;
    }
    if (scales.count > 1) {
      out.type.quantization = {};
      out.channel_scales = {bytes_.data + scales.first, scales.count * 4};
      out.channel_zero_points = {bytes_.data + zero_points.first, zero_points.count * 8};
      out.channel_axis = q.scalar<std::int32_t>(bytes_, schema::quantization::quantized_dimension);
      return found_.expect(out.is_constant, "tensor ", number,
                           " is an activation with one scale a channel, expected one scale");
    }
    if (scales.count == 0) {
      return true;
    }
    const auto scale = flatbuffer::number_at<float>(bytes_, scales, 0);
    const auto zero_point = flatbuffer::number_at<std::int64_t>(bytes_, zero_points, 0);
    out.type.quantization = {scale, static_cast<std::int32_t>(zero_point)};
    return found_.expect(scale > 0 && is_finite(static_cast<double>(scale)), "tensor ", number,
                         " has the scale ", static_cast<double>(scale),
                         ", expected a positive number") &&
           found_.expect(zero_point >= lowest_of(out.type.element) &&
                             zero_point <= highest_of(out.type.element),
                         "tensor ", number, " (", name_of(out.type.element),
                         ") has the zero point ", zero_point, ", expected one in its range");
  }

  flatbuffer::buffer bytes_;
  diagnosis& found_;
  flatbuffer::vector codes_{};
  flatbuffer::vector buffers_{};
  flatbuffer::vector tensors_{};
  flatbuffer::vector inputs_{};
  flatbuffer::vector outputs_{};
  flatbuffer::vector operators_{};
};

} // namespace inlay::tflite
