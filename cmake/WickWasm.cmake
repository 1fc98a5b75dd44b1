# SPDX-License-Identifier: MIT
# lib/model as WebAssembly: wick_wasm(OUTPUT file SOURCES file... [OPTIONS flag...]) makes a command that compiles the model with
# the given files; without clang, its linker or their headers WICK_CAN_WASM is false.
find_program(WICK_CLANG NAMES clang clang-14)
find_program(WICK_WASM_LD NAMES wasm-ld wasm-ld-14)
set(WICK_CAN_WASM FALSE)
if(WICK_CLANG AND WICK_WASM_LD)
  set(WICK_CAN_WASM TRUE)
  execute_process(COMMAND ${WICK_CLANG} -print-resource-dir OUTPUT_VARIABLE WICK_CLANG_INCLUDE
    OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()

function(wick_wasm)
  cmake_parse_arguments(arg "" "OUTPUT" "SOURCES;OPTIONS" ${ARGN})
  set(engine ${PROJECT_SOURCE_DIR}/viewer/engine)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/lib/model/*.c)
  # Ring events are a 64-bit process's own, and nobody filters in the page.
  list(FILTER sources EXCLUDE REGEX "/(decode|filter)[.]c$")
  list(APPEND sources ${engine}/wasm_memory.c ${arg_SOURCES})
  file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/lib/model/*.h ${engine}/*.h
    ${PROJECT_SOURCE_DIR}/include/wick/*.h)
  add_custom_command(OUTPUT ${arg_OUTPUT}
    COMMAND ${WICK_CLANG} --target=wasm32 -std=gnu11 -Oz -flto -ffreestanding -fbuiltin -ffp-contract=off -nostdlib
      -nostdinc -isystem ${engine}/libc -isystem ${WICK_CLANG_INCLUDE}/include
      -msimd128 -mbulk-memory -mnontrapping-fptoint -msign-ext
      -I${PROJECT_SOURCE_DIR}/include -I${PROJECT_SOURCE_DIR}/lib -I${engine}
      -Wall -Wextra -Werror -Wl,--no-entry -Wl,--stack-first -Wl,-z,stack-size=262144 ${arg_OPTIONS}
      -o ${arg_OUTPUT} ${sources}
    DEPENDS ${sources} ${headers}
    COMMENT "Compiling the model to WebAssembly" VERBATIM)
endfunction()
