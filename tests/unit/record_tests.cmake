# SPDX-License-Identifier: MIT
# The unit tests of lib/record, lib/runtime, lib/sink, and of the model's writing half.
foreach(module ring thread site)
  wick_unit_test(${module} LAYERS base model record)
endforeach()
foreach(module ctxt_write decode wire)
  wick_unit_test(${module} LAYERS model)
endforeach()
foreach(module config log_file timekeeper)
  wick_unit_test(${module} LAYERS base model record runtime sink)
endforeach()
