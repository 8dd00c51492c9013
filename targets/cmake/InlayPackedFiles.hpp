// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdio>
#include <fstream>
#include <string>

// What programs that pack while building write. They are made by the functions beside this file.

namespace inlay::packing {

/// Says what could not be written; gives the exit status.
inline int write(const std::string& name, const std::string& text) {
  std::ofstream out(name, std::ios::binary);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (!out) {
    std::fprintf(stderr, "pack: cannot write %s\n", name.c_str());
    return 1;
  }
  return 0;
}

/// Writes FOLDER/NAME.bin, and FOLDER/NAME.cpp, which makes it the symbol NAME in `section`.
inline int write_block(const std::string& folder, const std::string& name,
                       const std::string& section, std::size_t alignment,
                       const std::string& bytes) {
  const std::string binary = folder + "/" + name + ".bin";
  std::string text = "// Made by pack_" + name + "\nasm(\n";
  const auto line = [&](const std::string& words) { text += "    \"" + words + "\\n\"\n"; };
  line(".section " + section + R"(,\"a\")");
  line(".balign " + std::to_string(alignment));
  line(".global " + name);
  line(".type " + name + ", %object");
  line(".size " + name + ", " + std::to_string(bytes.size()));
  line(name + ":");
  line(R"(.incbin \")" + binary + R"(\")");
  line(".text");
  return write(binary, bytes) | write(folder + "/" + name + ".cpp", text + ");\n");
}

} // namespace inlay::packing
