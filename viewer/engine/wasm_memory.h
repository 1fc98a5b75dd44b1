/*
 * SPDX-License-Identifier: MIT
 * Memory of a WebAssembly instance without a C library: the model's allocator.
 * Must not be used natively. Invariant: memory only grows; what was freed is used again.
 */
#ifndef WICK_VIEWER_ENGINE_WASM_MEMORY_H
#define WICK_VIEWER_ENGINE_WASM_MEMORY_H

#include "wick/model.h"

extern const struct wick_allocator wasm_allocator;

#endif
