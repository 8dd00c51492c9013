// SPDX-License-Identifier: Apache-2.0
template <char... Text>
struct says {
  static_assert(sizeof...(Text) == 0, "found nothing");
};

#ifndef INLAY_FIXED
says<'i', 't', '\'', 's', ' ', 'a', ' ', '"', 't', 'e', 'x', 't', '"', ',', ' ', 'n', 'o', 't', ' ',
     '\\', ' ', '(', '3', ',', ' ', '4', ')'>
    wrong;
#endif
