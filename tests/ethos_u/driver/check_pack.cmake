# SPDX-License-Identifier: Apache-2.0
#
# Wrong calls of inlay_pack_ethos_u must stop with the right words.
cmake_minimum_required(VERSION 3.22)
file(REMOVE_RECURSE "${FOLDER}")
file(WRITE "${FOLDER}/app.hpp" "")
set(module "${PACK_ETHOS_U}")
include("${REFUSALS}")

expect_refusal("inlay_pack_ethos_u(packed HEADER app.hpp)"
               "inlay_pack_ethos_u(packed): expected HEADER <file> ENGINE <type>"
               "found: HEADER app.hpp")
expect_refusal("inlay_pack_ethos_u(packed ENGINE app::engine)" "found: ENGINE app::engine")
expect_refusal("inlay_pack_ethos_u(packed HEADER app.hpp ENGINE app::engine reader)"
               "expected HEADER <file> ENGINE <type>")
expect_refusal("inlay_pack_ethos_u(packed HEADER none.hpp ENGINE app::engine)"
               "expected a header that declares app::engine, found no file at ${FOLDER}/none.hpp")
expect_refusal("inlay_pack_ethos_u(packed HEADER app.hpp ENGINE app::engine CODING zip)"
               "expected CODING smallest or uncompressed, found: zip")
