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

# On for what lies below tests/: that need not be fast, only built soon, and nobody asks how much of it is reached.
define_property(TARGET PROPERTY SAFE_DOCKER_IS_TEST INHERITED)
set(is_shipped $<NOT:$<BOOL:$<TARGET_PROPERTY:SAFE_DOCKER_IS_TEST>>>)

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
  target_compile_definitions(safe_docker_flags INTERFACE _FORTIFY_SOURCE=3)
  # The same sources give the same bytes, wherever and whenever they are compiled (packaging/check-reproducible.sh).
  target_compile_options(
    safe_docker_flags INTERFACE -Werror=format-security -Werror=date-time -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.
                                -ffile-prefix-map=${PROJECT_BINARY_DIR}=build)
endif()

if(SAFE_DOCKER_SANITIZE)
  target_compile_options(safe_docker_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
                                                     -fno-omit-frame-pointer)
  # -O1: without it each of the checks goes through memory, and the tests take three times as long. A report needs files
  # and lines, nothing more, and to write the rest down is half of what compiling takes.
  target_compile_options(
    safe_docker_flags INTERFACE $<$<AND:$<CONFIG:Debug>,${is_shipped}>:-O1>
                                $<IF:$<CXX_COMPILER_ID:GNU>,-g1,-gline-tables-only>)
  target_link_options(safe_docker_flags INTERFACE -fsanitize=address,undefined)
  # With what the sanitizers put in, binutils' linker takes nine times as long.
  include(CheckLinkerFlag)
  check_linker_flag(CXX -fuse-ld=lld SAFE_DOCKER_HAS_LLD)
  if(SAFE_DOCKER_HAS_LLD)
    target_link_options(safe_docker_flags INTERFACE -fuse-ld=lld)
  endif()
endif()
if(SAFE_DOCKER_COVERAGE)
  # The counters lie in files that every process maps, one a program or plugin: the hook leaves by _exit, the wrapper
  # becomes docker, and neither would write them down at its end. tests/coverage.sh reads them.
  set(SAFE_DOCKER_COVERAGE_FOLDER ${PROJECT_BINARY_DIR}/coverage)
  target_compile_options(
    safe_docker_flags
    INTERFACE $<${is_shipped}:-fprofile-instr-generate=${SAFE_DOCKER_COVERAGE_FOLDER}/%m%c.profraw>
              $<${is_shipped}:-fcoverage-mapping> "$<${is_shipped}:SHELL:-mllvm -runtime-counter-relocation>")
  target_link_options(safe_docker_flags INTERFACE -fprofile-instr-generate)
endif()
if(SAFE_DOCKER_FUZZ)
  # Counts what an input reaches. Only the fuzz targets themselves link libFuzzer.
  target_compile_options(safe_docker_flags INTERFACE $<${is_shipped}:-fsanitize=fuzzer-no-link>)
endif()

# A third of what the loader does for the host is to add its address to pointers in tables; packed, they take a fraction of
# that. Needs glibc 2.36 (Debian 12) where it runs, or an older one that the linker knows nothing of.
include(CheckLinkerFlag)
set(SAFE_DOCKER_PACKED_RELOCATIONS "")
if(CMAKE_SYSTEM_NAME STREQUAL "Linux" AND NOT SAFE_DOCKER_SANITIZE)
  check_linker_flag(CXX -Wl,-z,pack-relative-relocs SAFE_DOCKER_CAN_PACK_RELOCATIONS)
  if(SAFE_DOCKER_CAN_PACK_RELOCATIONS)
    set(SAFE_DOCKER_PACKED_RELOCATIONS -Wl,-z,pack-relative-relocs)
  endif()
endif()

# For executables: all but libc linked in, read-only relocations, no unused code.
add_library(safe_docker_link_host INTERFACE)
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  set(hardening -Wl,--gc-sections,--as-needed,-O1,-z,now,-z,relro,-z,noexecstack,-z,noseparate-code)
  target_link_options(safe_docker_link_host INTERFACE ${hardening} ${SAFE_DOCKER_PACKED_RELOCATIONS}
                                                       $<$<NOT:$<BOOL:${SAFE_DOCKER_SANITIZE}>>:-static-libstdc++;-static-libgcc>)
elseif(APPLE)
  target_link_options(safe_docker_link_host INTERFACE -Wl,-dead_strip)
endif()
