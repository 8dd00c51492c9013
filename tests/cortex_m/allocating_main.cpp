// SPDX-License-Identifier: Apache-2.0
//
// Must not link: boards have no heap.

int main(int count, char** /*words*/) {
  volatile int* const many = new int[static_cast<unsigned>(count)];
  many[0] = count;
  return many[0];
}
