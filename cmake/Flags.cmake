# Warnings, hardening and the link model, as interface targets that every room links. The link model keeps start-up
# short: the host needs nothing but libc at run time (docs/performance.md has the figures).

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
include(CheckPIESupported)
check_pie_supported()

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_C_FLAGS_RELEASE "-O2 -DNDEBUG")

add_library(safe_docker_flags INTERFACE)
target_compile_options(
  safe_docker_flags
  INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -fstack-protector-strong
            -ffunction-sections -fdata-sections $<$<BOOL:${SAFE_DOCKER_WERROR}>:-Werror>)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_compile_options(safe_docker_flags INTERFACE -fcf-protection=full)
endif()
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  target_compile_options(safe_docker_flags INTERFACE -fstack-clash-protection)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT SAFE_DOCKER_SANITIZE)
  target_compile_definitions(safe_docker_flags INTERFACE _FORTIFY_SOURCE=2)
endif()

if(SAFE_DOCKER_SANITIZE)
  target_compile_options(safe_docker_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
                                                     -fno-omit-frame-pointer)
  # -O1: without it each of the checks goes through memory, and the tests take three times as long. A report needs files
  # and lines, nothing more, and to write the rest down is half of what compiling takes.
  target_compile_options(
    safe_docker_flags INTERFACE $<$<CONFIG:Debug>:-O1>
                                $<IF:$<CXX_COMPILER_ID:GNU>,-g1,-gline-tables-only>)
  target_link_options(safe_docker_flags INTERFACE -fsanitize=address,undefined)
endif()
if(SAFE_DOCKER_FUZZ)
  # Counts what an input reaches. Only the fuzz targets themselves link libFuzzer.
  target_compile_options(safe_docker_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# For executables: all but libc linked in, read-only relocations, no unused code.
add_library(safe_docker_link_host INTERFACE)
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  set(hardening -Wl,--gc-sections,--as-needed,-O1,-z,now,-z,relro,-z,noexecstack,-z,noseparate-code)
  target_link_options(safe_docker_link_host INTERFACE ${hardening} $<$<NOT:$<BOOL:${SAFE_DOCKER_SANITIZE}>>:-static-libstdc++;-static-libgcc>)
elseif(APPLE)
  target_link_options(safe_docker_link_host INTERFACE -Wl,-dead_strip)
endif()
