# SPDX-License-Identifier: MIT
# Flags that every target of ours gets: warnings, sanitizers, hidden visibility. Not for users.

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_UNITY_BUILD OFF) # a file's static names are its own
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES AND PROJECT_IS_TOP_LEVEL)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

add_library(wick_flags INTERFACE)
target_compile_options(wick_flags INTERFACE
  -Wall -Wextra -Wshadow -Wundef -Wpointer-arith -Wcast-qual -Wvla -Wformat=2 -Wwrite-strings
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Wmissing-prototypes>
  $<$<AND:$<COMPILE_LANGUAGE:C>,$<C_COMPILER_ID:GNU>>:-Wjump-misses-init>
  $<$<BOOL:${WICK_WERROR}>:-Werror>)
if(NOT PROJECT_IS_TOP_LEVEL)
  # What the project around wick asks of its own sources, and compiles out of them.
  target_compile_options(wick_flags INTERFACE -Wno-pedantic -Wno-error -UWICK_DISABLE)
endif()
target_compile_definitions(wick_flags INTERFACE _GNU_SOURCE)
# What distributions ask of each program: stack protector, CET where the processor has it, full RELRO, immediate binding.
include(CheckCCompilerFlag)
check_c_compiler_flag(-fcf-protection wick_has_cf_protection)
target_compile_options(wick_flags INTERFACE -fstack-protector-strong
  $<$<BOOL:${wick_has_cf_protection}>:-fcf-protection>)
target_link_options(wick_flags INTERFACE LINKER:-z,relro LINKER:-z,now)
# The same bytes from any directory. Debug builds keep the paths, for debuggers that are started anywhere.
set(CMAKE_BUILD_RPATH_USE_ORIGIN ON)
target_compile_options(wick_flags INTERFACE $<$<NOT:$<CONFIG:Debug>>:-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.>
  $<$<NOT:$<CONFIG:Debug>>:-ffile-prefix-map=${PROJECT_BINARY_DIR}=build>)
if(WICK_SANITIZE)
  target_compile_options(wick_flags INTERFACE
    -fsanitize=${WICK_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g)
  target_link_options(wick_flags INTERFACE -fsanitize=${WICK_SANITIZE})
endif()

# A layer of lib/: an object library whose objects go into libwick.so, libwick.a and the tool.
function(wick_layer name)
  set(sources ${ARGN})
  if(NOT sources)
    # A layer that has no file yet still has its place in the order.
    set(sources ${CMAKE_CURRENT_BINARY_DIR}/${name}_is_empty.c)
    file(WRITE ${sources} "typedef int wick_${name}_is_empty;\n")
  endif()
  add_library(wick_${name} OBJECT ${sources})
  target_link_libraries(wick_${name} PRIVATE wick_flags)
  target_include_directories(wick_${name} PRIVATE ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/lib)
  set_target_properties(wick_${name} PROPERTIES C_VISIBILITY_PRESET hidden)
endfunction()
