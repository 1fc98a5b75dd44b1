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

# Cross-built, libraries come from the pkg-config of the target, never from that of the machine that builds.
if(CMAKE_CROSSCOMPILING AND NOT PKG_CONFIG_EXECUTABLE)
  get_filename_component(wick_triplet ${CMAKE_C_COMPILER} NAME)
  string(REGEX REPLACE "-(gcc|cc|clang)[-.0-9]*$" "" wick_triplet "${wick_triplet}")
  if(CMAKE_C_COMPILER_TARGET)
    set(wick_triplet ${CMAKE_C_COMPILER_TARGET})
  endif()
  if(DEFINED ENV{PKG_CONFIG})
    set(PKG_CONFIG_EXECUTABLE $ENV{PKG_CONFIG} CACHE FILEPATH "pkg-config of the target")
  elseif(DEFINED ENV{PKG_CONFIG_LIBDIR} OR DEFINED ENV{PKG_CONFIG_SYSROOT_DIR})
    find_program(PKG_CONFIG_EXECUTABLE pkg-config)
  else()
    find_program(PKG_CONFIG_EXECUTABLE ${wick_triplet}-pkg-config)
  endif()
  if(NOT PKG_CONFIG_EXECUTABLE)
    message(STATUS "wick: cross-building without a pkg-config of the target (${wick_triplet}-pkg-config, or PKG_CONFIG_LIBDIR): "
      "no libraries but the C library are used")
    # find_package(PkgConfig) would find the other one.
    set(PKG_CONFIG_EXECUTABLE FALSE CACHE FILEPATH "pkg-config of the target" FORCE)
  endif()
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
target_link_options(wick_flags INTERFACE -Wl,-z,relro -Wl,-z,now)
# The same bytes from any directory. Debug builds keep the paths, for debuggers that are started anywhere.
set(CMAKE_BUILD_RPATH_USE_ORIGIN ON)
target_compile_options(wick_flags INTERFACE $<$<NOT:$<CONFIG:Debug>>:-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.>
  $<$<NOT:$<CONFIG:Debug>>:-ffile-prefix-map=${PROJECT_BINARY_DIR}=build>)
if(WICK_SANITIZE)
  target_compile_options(wick_flags INTERFACE
    -fsanitize=${WICK_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g)
  target_link_options(wick_flags INTERFACE -fsanitize=${WICK_SANITIZE})
endif()

# wick_host_program(target directory name result): a program that runs while wick is built, as result_file, and the target to depend on
# as result_target. Cross-built, it comes from a build of its own for this machine (for_host/), with or without an emulator.
function(wick_host_program target directory name result)
  if(NOT CMAKE_CROSSCOMPILING)
    set(${result}_file $<TARGET_FILE:${target}> PARENT_SCOPE)
    set(${result}_target ${target} PARENT_SCOPE)
    return()
  endif()
  set(build ${PROJECT_BINARY_DIR}/for_host)
  set(file ${build}/${directory}/${name})
  find_program(WICK_HOST_CC NAMES cc gcc clang NO_CMAKE_FIND_ROOT_PATH DOC "C compiler for this machine, for cross-building")
  if(NOT WICK_HOST_CC)
    message(FATAL_ERROR "wick: cross-building needs a C compiler for this machine, too: set WICK_HOST_CC")
  endif()
  set(variables CC CFLAGS CPPFLAGS LDFLAGS CXX CXXFLAGS PKG_CONFIG PKG_CONFIG_LIBDIR PKG_CONFIG_SYSROOT_DIR PKG_CONFIG_PATH)
  list(TRANSFORM variables PREPEND --unset=)
  add_custom_target(wick_${name}_for_host
    COMMAND ${CMAKE_COMMAND} -E env ${variables} ${CMAKE_COMMAND} -S ${PROJECT_SOURCE_DIR} -B ${build} -DCMAKE_C_COMPILER=${WICK_HOST_CC}
      -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=${CMAKE_INSTALL_PREFIX} -DCMAKE_INSTALL_LIBDIR=${CMAKE_INSTALL_LIBDIR}
      -DWICK_BUILD_TESTS=OFF -DWICK_BUILD_EXAMPLES=OFF -DWICK_WITH_HTTP=OFF -DWICK_WITH_REDIS=OFF -DWICK_WITH_AMQP=OFF -DWICK_WITH_ZSTD=OFF
      -DWICK_WITH_ZLIB=OFF -DWICK_WITH_PAGE=OFF
    COMMAND ${CMAKE_COMMAND} -E env ${variables} ${CMAKE_COMMAND} --build ${build} --target ${target}
    BYPRODUCTS ${file} COMMENT "Building ${name} for this machine" VERBATIM)
  # One after the other: they share a directory.
  get_property(before GLOBAL PROPERTY wick_built_for_host)
  if(before)
    add_dependencies(wick_${name}_for_host ${before})
  endif()
  set_property(GLOBAL PROPERTY wick_built_for_host wick_${name}_for_host)
  set(${result}_file ${file} PARENT_SCOPE)
  set(${result}_target wick_${name}_for_host PARENT_SCOPE)
endfunction()

# A line of the summary: wick_feature(what option found "Debian's packages for it")
function(wick_feature what option found packages)
  if(found)
    message(STATUS "wick: ${what}: yes")
  elseif(${option} STREQUAL OFF)
    message(STATUS "wick: ${what}: no (${option} is OFF)")
  else()
    message(STATUS "wick: ${what}: no (missing; Debian: ${packages})")
  endif()
endfunction()

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
