#!/bin/sh
# SPDX-License-Identifier: MIT
# examples/functions/lua_functions: the tree of Lua is uftrace's.
exec "$(dirname "$0")/../../examples/functions/lua_functions" "$1"
