# SPDX-License-Identifier: MIT
# The unit tests of lib/record, lib/runtime, lib/sink, and of the model's writing half.
wick_unit_test(pool LAYERS base SOURCES ${PROJECT_SOURCE_DIR}/lib/base/pool_view.c)
foreach(module ring thread site events)
  wick_unit_test(${module} LAYERS base model record)
endforeach()
foreach(module ctxt_write decode wire)
  wick_unit_test(${module} LAYERS model)
endforeach()
if(TARGET test_wire)
  target_compile_definitions(test_wire PRIVATE WIRE_GOLDEN="${PROJECT_SOURCE_DIR}/tests/golden/wire_2.wick"
    WIRE_GOLDEN_1="${PROJECT_SOURCE_DIR}/tests/golden/wire_1.wick")
endif()
foreach(module config json log_file redact timekeeper)
  wick_unit_test(${module} LAYERS base model record runtime sink)
endforeach()
