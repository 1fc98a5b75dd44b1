# SPDX-License-Identifier: MIT
# What `cmake --install` puts where, and `cmake --build . --target uninstall`, which removes it again.
# Everything that is installed is relocatable: neither wick.pc nor wickConfig.cmake names the prefix.
# Components: runtime (the libraries that programs load), modules, tools (wick, its page and manual), development. With the licence
# in each, and so in any choice of them.
include(CMakePackageConfigHelpers)

set(wick_cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/wick)
set(wick_pc_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(TARGETS wick wick_static EXPORT wickTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime NAMELINK_COMPONENT development
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
# Modules are found beside the library: wick/ in the library directory, wherever that was moved to.
get_property(wick_modules GLOBAL PROPERTY WICK_MODULES)
if(wick_modules)
  install(TARGETS ${wick_modules} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/wick COMPONENT modules)
endif()
install(FILES lib/wick.supp DESTINATION ${CMAKE_INSTALL_DATADIR}/wick COMPONENT development)
install(DIRECTORY include/wick DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development FILES_MATCHING PATTERN "*.h")
install(EXPORT wickTargets NAMESPACE wick:: DESTINATION ${wick_cmake_dir} COMPONENT development)
foreach(component runtime development tools modules)
  install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT ${component})
endforeach()

configure_package_config_file(cmake/wickConfig.cmake.in ${PROJECT_BINARY_DIR}/wickConfig.cmake
  INSTALL_DESTINATION ${wick_cmake_dir} NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
# 0.x: the ABI changes with the minor number.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/wickConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/wickConfig.cmake ${PROJECT_BINARY_DIR}/wickConfigVersion.cmake
  DESTINATION ${wick_cmake_dir} COMPONENT development)

# wick.pc: relative to where it lies, unless a directory was given as an absolute path.
macro(wick_pc_path variable dir)
  if(IS_ABSOLUTE "${dir}")
    set(${variable} "${dir}")
  else()
    set(${variable} "\${prefix}/${dir}")
  endif()
endmacro()
if(IS_ABSOLUTE "${wick_pc_dir}")
  set(wick_pc_prefix "${CMAKE_INSTALL_PREFIX}")
else()
  file(RELATIVE_PATH wick_pc_up "/${wick_pc_dir}" "/")
  string(REGEX REPLACE "/$" "" wick_pc_up "${wick_pc_up}")
  set(wick_pc_prefix "\${pcfiledir}/${wick_pc_up}")
endif()
wick_pc_path(wick_pc_libdir "${CMAKE_INSTALL_LIBDIR}")
wick_pc_path(wick_pc_includedir "${CMAKE_INSTALL_INCLUDEDIR}")
# Third-party libraries that the static library needs. The core needs none: sinks are modules.
string(REPLACE ";" ", " wick_pc_requires "${WICK_PC_REQUIRES_PRIVATE}")
if(wick_records_here)
  set(wick_pc_libs "Libs: -L\${libdir} -lwick\nLibs.private: -pthread -ldl")
endif()
configure_file(cmake/wick.pc.in ${PROJECT_BINARY_DIR}/wick.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/wick.pc DESTINATION ${wick_pc_dir} COMPONENT development)

if(PROJECT_IS_TOP_LEVEL)
  configure_file(cmake/remember_files.cmake.in ${PROJECT_BINARY_DIR}/remember_files.cmake @ONLY)
  install(SCRIPT ${PROJECT_BINARY_DIR}/remember_files.cmake ALL_COMPONENTS)
  configure_file(cmake/uninstall.cmake.in ${PROJECT_BINARY_DIR}/uninstall.cmake @ONLY)
  add_custom_target(uninstall
    COMMAND ${CMAKE_COMMAND} -P ${PROJECT_BINARY_DIR}/uninstall.cmake VERBATIM
    COMMENT "Removing what install put into place")
  include(cmake/WickPackages.cmake)
endif()
