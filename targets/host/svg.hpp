// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>
#include <string>
#include <string_view>

namespace inspect {

/// Text as XML wants it.
inline std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    case '"':
      out += "&quot;";
      break;
    default:
      out += c;
    }
  }
  return out;
}

/// A picture that is put together element by element. Coordinates are pixels from the top left;
/// `attributes` are XML, for example `class="note"`.
class svg {
public:
  void text(double x, double y, std::string_view words, std::string_view attributes = {}) {
    body_ += fmt::format(R"(<text x="{:.1f}" y="{:.1f}" {}>{}</text>)"
                         "\n",
                         x, y, attributes, escaped(words));
  }

  /// Text that reads upward.
  void turned_text(double x, double y, std::string_view words, std::string_view attributes) {
    body_ += fmt::format(R"_(<text transform="translate({:.1f} {:.1f}) rotate(-90)" {}>{}</text>)_"
                         "\n",
                         x, y, attributes, escaped(words));
  }

  /// A rectangle; `title` appears where the pointer rests on it.
  void box(double x, double y, double width, double height, std::string_view attributes,
           std::string_view title = {}) {
    body_ +=
        fmt::format(R"(<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" {}>{}</rect>)"
                    "\n",
                    x, y, width, height, attributes,
                    title.empty() ? "" : "<title>" + escaped(title) + "</title>");
  }

  void line(double x1, double y1, double x2, double y2, std::string_view attributes) {
    path(fmt::format("M{:.1f} {:.1f}L{:.1f} {:.1f}", x1, y1, x2, y2), attributes);
  }

  void path(std::string_view steps, std::string_view attributes) {
    body_ += fmt::format("<path d=\"{}\" {}/>\n", steps, attributes);
  }

  /// The whole file.
  [[nodiscard]] std::string finish(double width, double height, std::string_view title) const {
    return fmt::format(
        R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0:.0f}" height="{1:.0f}" )"
        R"(viewBox="0 0 {0:.0f} {1:.0f}" font-family="Helvetica, Arial, sans-serif" )"
        R"(font-size="12" fill="#24292f">
<title>{2}</title>
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" )"
        R"(orient="auto"><path d="M0 0L8 4L0 8z" fill="#6e7781"/></marker></defs>
<style>
.edge {{ fill: none; stroke: #6e7781; stroke-width: 1.3; marker-end: url(#head) }}
.note {{ font-size: 10px; fill: #57606a }}
.strong {{ font-weight: bold }}
.title {{ font-size: 15px; font-weight: bold }}
.alert {{ fill: #bc4c00 }}
.right {{ text-anchor: end }}
.middle {{ text-anchor: middle }}
</style>
<rect width="100%" height="100%" fill="white"/>
{3}</svg>
)",
        width, height, escaped(title), body_);
  }

private:
  std::string body_;
};

/// The color of a kind of operator, in both pictures.
inline std::string_view color_of(std::string_view operator_name) {
  struct entry {
    std::string_view name;
    std::string_view color;
  };
  static constexpr entry colors[] = {
      {"CONV_2D", "#cfe3fb"},    {"DEPTHWISE_CONV_2D", "#cdeed6"}, {"FULLY_CONNECTED", "#b6d3f7"},
      {"ADD", "#fbe3b8"},        {"AVERAGE_POOL_2D", "#e7d9f8"},   {"MEAN", "#e7d9f8"},
      {"SOFTMAX", "#f9d6d5"},    {"LOGISTIC", "#f9d6d5"},          {"QUANTIZE", "#d3eff0"},
      {"DEQUANTIZE", "#d3eff0"},
  };
  for (const entry& one : colors) {
    if (one.name == operator_name) {
      return one.color;
    }
  }
  return "#eceff2";
}

} // namespace inspect
