# SPDX-License-Identifier: MIT
# The unit tests of lib/stats. GSL, where it is installed, is asked for its numbers; nothing else is linked to it.
wick_unit_test(stats LAYERS stats base model)
wick_unit_test(compare LAYERS stats base model)
if(TARGET test_stats)
  target_link_libraries(test_stats PRIVATE m)
  target_link_libraries(test_compare PRIVATE m)
  pkg_check_modules(WICK_GSL QUIET IMPORTED_TARGET gsl)
  if(WICK_GSL_FOUND)
    target_link_libraries(test_stats PRIVATE PkgConfig::WICK_GSL)
    target_compile_definitions(test_stats PRIVATE WICK_HAVE_GSL)
  endif()
endif()
