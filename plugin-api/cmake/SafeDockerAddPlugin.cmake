# safe_docker_add_plugin(NAME SOURCES FILE... [LIBRARIES LIBRARY...] [FREESTANDING])
#
# Adds the module library NAME as safe-docker wants its plugins: one exported symbol, its own C++ runtime library linked
# in, every symbol bound when it is loaded. FREESTANDING ones do without that runtime library (no exceptions, no
# std::string), which halves the time that loading takes; the linker says so if one needs it after all.
#
# With SAFE_DOCKER_SANITIZE, as for a safe-docker that is built so, the sanitizers' run-time library is left to the host.

function(safe_docker_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "FREESTANDING" "" "SOURCES;LIBRARIES")
  if(NOT arg_SOURCES OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "safe_docker_add_plugin(NAME SOURCES FILE... [LIBRARIES LIBRARY...] [FREESTANDING])")
  endif()
  # The installed package says where it keeps the version script; in the source tree it lies one folder up.
  set(map "${SAFE_DOCKER_PLUGIN_MAP}")
  if(NOT map)
    set(map "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../plugin.map")
  endif()
  add_library(${name} MODULE ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE SafeDocker::PluginApi ${arg_LIBRARIES})
  target_compile_features(${name} PRIVATE cxx_std_20)
  target_compile_options(${name} PRIVATE -ffunction-sections -fdata-sections)
  set_target_properties(${name} PROPERTIES PREFIX "" C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden
                                           VISIBILITY_INLINES_HIDDEN ON)
  if(arg_FREESTANDING)
    target_compile_options(${name} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions -fno-rtti>)
  endif()
  if(APPLE)
    set_target_properties(${name} PROPERTIES SUFFIX ".so")
    target_link_options(${name} PRIVATE -Wl,-dead_strip -Wl,-exported_symbol,_safe_docker_plugin_v1)
    return()
  endif()
  # Hidden visibility alone is not enough: instances of std templates would be exported all the same.
  target_link_options(
    ${name} PRIVATE -Wl,--gc-sections,--as-needed,-O1,-z,now,-z,relro,-z,noexecstack,-z,noseparate-code
    -Wl,--exclude-libs,ALL "-Wl,--version-script=${map}")
  set_property(TARGET ${name} APPEND PROPERTY LINK_DEPENDS "${map}")
  if(NOT SAFE_DOCKER_SANITIZE)
    target_link_options(${name} PRIVATE -Wl,-z,defs)
    if(arg_FREESTANDING)
      set_target_properties(${name} PROPERTIES LINKER_LANGUAGE C)
    else()
      target_link_options(${name} PRIVATE -static-libstdc++ -static-libgcc)
    endif()
  endif()
endfunction()
