// SPDX-License-Identifier: Apache-2.0
#include "onednn_layer.hpp"

namespace bench::onednn {

namespace {

using dnnl::memory;
using tag = memory::format_tag;
using type = memory::data_type;

dnnl::primitive_attr attributes_of(const layer& what, const epilogue& end) {
  dnnl::primitive_attr made;
  made.set_output_scales(1 << 1, end.scales);
  if (end.source_zero_point != 0) {
    made.set_zero_points(DNNL_ARG_SRC, 0, {end.source_zero_point});
  }
  dnnl::post_ops after;
  if (end.sum_scale != 0) {
    after.append_sum(end.sum_scale);
  }
  // Clamps at 0 and 255 are what saturation does.
  const auto low = static_cast<float>(what.clamp.low + 128);
  const auto high = static_cast<float>(what.clamp.high + 128);
  if (low > 0 || high < 255) {
    after.append_eltwise(1, dnnl::algorithm::eltwise_clip, low, high);
  }
  made.set_post_ops(after);
  return made;
}

/// Weights or bias in the order that the implementation asks for.
memory ordered(const dnnl::engine& engine, dnnl::stream& stream, const memory::desc& from,
               const void* bytes, const memory::desc& wanted) {
  memory plain(from, engine, const_cast<void*>(bytes));
  memory made(wanted, engine);
  dnnl::reorder(plain, made).execute(stream, plain, made);
  stream.wait();
  return made;
}

template <class Description>
primitive finish(const dnnl::engine& engine, dnnl::stream& stream, const Description& chosen,
                 const dnnl::primitive& made, const memory::desc& weights, const layer& what,
                 const epilogue& end, const held& from, const held& to) {
  const memory::desc bias({static_cast<memory::dim>(end.bias.size())}, type::f32, tag::x);
  return {made,
          {{DNNL_ARG_SRC, from.memory},
           {DNNL_ARG_DST, to.memory},
           {DNNL_ARG_WEIGHTS,
            ordered(engine, stream, weights, what.constants->weights.bytes, chosen.weights_desc())},
           {DNNL_ARG_BIAS, ordered(engine, stream, bias, end.bias.data(), chosen.bias_desc())}},
          chosen.impl_info_str()};
}

primitive make_fully_connected(const dnnl::engine& engine, dnnl::stream& stream, const layer& what,
                               const epilogue& end, const held& from, const held& to) {
  using product = dnnl::inner_product_forward;
  const memory::dims weights{what.out.channels, what.in.channels, 1, 1};
  const auto description = product::desc(
      dnnl::prop_kind::forward_inference, from.memory.get_desc(), {weights, type::s8, tag::any},
      {{what.out.channels}, type::f32, tag::x}, {{1, what.out.channels}, type::u8, tag::nc});
  const product::primitive_desc chosen(description, attributes_of(what, end), engine);
  held flat = to;
  flat.memory =
      memory({{1, what.out.channels}, type::u8, tag::nc}, engine, to.memory.get_data_handle());
  return finish(engine, stream, chosen, product(chosen), {weights, type::s8, tag::ohwi}, what, end,
                from, flat);
}

} // namespace

memory image_memory(const dnnl::engine& engine, const inlay::step::image& extents) {
  return {{{1, extents.channels, extents.height, extents.width}, type::u8, tag::nhwc}, engine};
}

primitive make_layer(const dnnl::engine& engine, dnnl::stream& stream, const layer& what,
                     const epilogue& end, const held& from, const held& to) {
  if (what.is_fully_connected()) {
    return make_fully_connected(engine, stream, what, end, from, to);
  }
  using convolution = dnnl::convolution_forward;
  const auto& window = what.window;
  const memory::dims weights =
      what.depthwise
          ? memory::dims{what.out.channels, 1, 1, window.kernel.height, window.kernel.width}
          : memory::dims{what.out.channels, what.in.channels, window.kernel.height,
                         window.kernel.width};
  const auto description = convolution::desc(
      dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct,
      from.memory.get_desc(), {weights, type::s8, tag::any},
      {{what.out.channels}, type::f32, tag::x}, to.memory.get_desc(),
      {window.stride.height, window.stride.width},
      {window.dilation.height - 1, window.dilation.width - 1},
      {window.padding_top, window.padding_left}, {what.bottom_padding(), what.right_padding()});
  const convolution::primitive_desc chosen(description, attributes_of(what, end), engine);
  return finish(engine, stream, chosen, convolution(chosen),
                {weights, type::s8, what.depthwise ? tag::hwigo : tag::ohwi}, what, end, from, to);
}

primitive make_mean(const dnnl::engine& engine, const inlay::step::image& in, const held& from,
                    const held& to) {
  using pooling = dnnl::pooling_forward;
  const pooling::primitive_desc chosen(pooling::desc(dnnl::prop_kind::forward_inference,
                                                     dnnl::algorithm::pooling_avg_exclude_padding,
                                                     from.memory.get_desc(), to.memory.get_desc(),
                                                     {1, 1}, {in.height, in.width}, {0, 0}, {0, 0}),
                                       engine);
  return {pooling(chosen),
          {{DNNL_ARG_SRC, from.memory}, {DNNL_ARG_DST, to.memory}},
          chosen.impl_info_str()};
}

} // namespace bench::onednn
