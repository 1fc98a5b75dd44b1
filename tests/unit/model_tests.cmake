# SPDX-License-Identifier: MIT
# The unit tests of lib/model.
foreach(module board convert exemplars filter foreign glob hist index json number part print reader rows selection strip_pixels summary tree tree_text)
  wick_unit_test(${module} LAYERS model)
endforeach()
wick_test(NAME model_is_freestanding LABEL unit
  COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/check_freestanding ${CMAKE_NM} $<TARGET_OBJECTS:wick_model>)
