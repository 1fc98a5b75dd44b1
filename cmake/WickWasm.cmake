# SPDX-License-Identifier: MIT
# lib/model as WebAssembly: wick_wasm(OUTPUT file SOURCES file...) makes a command that compiles the model with
# the given files; without clang and its linker, or with WICK_WITH_PAGE=OFF, WICK_CAN_WASM is false.
find_program(WICK_CLANG NAMES clang clang-14)
find_program(WICK_WASM_LD NAMES wasm-ld wasm-ld-14)
set(WICK_CAN_WASM FALSE)
if(WICK_WITH_PAGE STREQUAL ON AND NOT (WICK_CLANG AND WICK_WASM_LD))
  message(FATAL_ERROR "WICK_WITH_PAGE=ON, but clang or wasm-ld is missing (Debian: clang, lld)")
endif()
if(WICK_CLANG AND WICK_WASM_LD AND NOT WICK_WITH_PAGE STREQUAL OFF)
  set(WICK_CAN_WASM TRUE)
  execute_process(COMMAND ${WICK_CLANG} -print-resource-dir OUTPUT_VARIABLE WICK_CLANG_INCLUDE
    OUTPUT_STRIP_TRAILING_WHITESPACE)
  # It packs the engine 1,200 bytes smaller, where it is installed and knows all that the engine uses.
  find_program(WICK_WASM_OPT wasm-opt)
  if(WICK_WASM_OPT)
    execute_process(COMMAND ${WICK_WASM_OPT} --version OUTPUT_VARIABLE version ERROR_QUIET)
    if(NOT version MATCHES "version ([0-9]+)" OR CMAKE_MATCH_1 LESS 108)
      set(WICK_WASM_OPT FALSE)
    endif()
  endif()
endif()

# For speed: lines as vectors, and what walks over every record of a counter or a lock in each redraw. The rest is for size, since the page is to weigh little: it reads as fast (measured), and
# drawing takes 0.1 ms more of a frame.
set(wick_wasm_hot ctxt_lines_simd128 lock_pixels counter_pixels)

function(wick_wasm)
  cmake_parse_arguments(arg "" "OUTPUT" "SOURCES" ${ARGN})
  set(engine ${PROJECT_SOURCE_DIR}/viewer/engine)
  # All rooms but `live` (ring events are a 64-bit process's own, and nobody filters in the page) and `summary`.
  set(sources)
  set(headers)
  # In this order they pack best: 400 bytes of the page.
  foreach(room base log tree view)
    file(GLOB_RECURSE found CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/lib/model/${room}/*.c)
    list(APPEND sources ${found})
    file(GLOB_RECURSE found CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/lib/model/${room}/*.h)
    list(APPEND headers ${found})
  endforeach()
  list(APPEND sources ${engine}/wasm_memory.c ${arg_SOURCES})
  set(hot)
  set(cold)
  set(objects)
  foreach(source IN LISTS sources)
    get_filename_component(name ${source} NAME_WE)
    list(APPEND objects ${name}.o)
    if(name IN_LIST wick_wasm_hot)
      list(APPEND hot ${source})
    else()
      list(APPEND cold ${source})
    endif()
  endforeach()
  file(GLOB found CONFIGURE_DEPENDS ${engine}/*.h ${PROJECT_SOURCE_DIR}/include/wick/*.h)
  list(APPEND headers ${found})
  # Not -ffreestanding: it makes a call of every small memcpy, which halves the speed of reading.
  set(flags --target=wasm32 -std=gnu11 -flto -ffp-contract=off
    -nostdinc -isystem ${engine}/libc -isystem ${WICK_CLANG_INCLUDE}/include
    -fno-strict-aliasing -fmerge-all-constants # more functions are equal, and merged
    -msimd128 -mbulk-memory -mnontrapping-fptoint -msign-ext
    -I${PROJECT_SOURCE_DIR}/include -I${PROJECT_SOURCE_DIR}/lib -I${engine} -Wall -Wextra -Werror)
  set(smaller)
  if(WICK_WASM_OPT)
    set(smaller COMMAND ${WICK_WASM_OPT} -Oz --enable-simd --enable-bulk-memory --enable-sign-ext --enable-mutable-globals
      --enable-nontrapping-float-to-int ${arg_OUTPUT} -o ${arg_OUTPUT})
  endif()
  set(room ${CMAKE_CURRENT_BINARY_DIR}/wasm_objects)
  file(MAKE_DIRECTORY ${room})
  add_custom_command(OUTPUT ${arg_OUTPUT}
    COMMAND ${WICK_CLANG} ${flags} -Oz -c ${cold}
    COMMAND ${WICK_CLANG} ${flags} -Os -c ${hot}
    # Without clang's driver, which would run a wasm-opt that it finds; some of those fail on these features.
    # What pays to be inlined has been, file by file. Rewritten loop counters cost 1 KB and make nothing faster.
    COMMAND ${WICK_WASM_LD} -O2 -mllvm -inline-threshold=-25 -mllvm -disable-lsr -mllvm -enable-pre=false -mllvm -jump-threading-threshold=2 -mllvm -enable-merge-functions --no-entry --stack-first -z stack-size=262144 --strip-all --compress-relocations
      -o ${arg_OUTPUT} ${objects}
    ${smaller}
    DEPENDS ${sources} ${headers} WORKING_DIRECTORY ${room}
    COMMENT "Compiling the model to WebAssembly" VERBATIM)
endfunction()
