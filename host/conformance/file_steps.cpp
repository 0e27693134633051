// What can be told of the file before anything of it runs.
#include <safe_docker/plugin.h>

#include <cstddef>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "conformance/elf.hpp"
#include "conformance/steps.hpp"
#include "plugins/trust.hpp"

namespace safe_docker::conformance {
namespace {

constexpr std::string_view kBuildAdvice = "Build it with safe_docker_add_plugin, or link with ";

// The C library and its parts, which the host has loaded anyway.
constexpr std::string_view kFree[] = {"libc.so", "ld-linux",      "ld64",     "ld-musl", "libc.musl",
                                      "libm.so", "libpthread.so", "libdl.so", "librt.so"};

struct Dear {
  std::string_view library;
  std::string_view cost;
  std::string_view advice;
};
constexpr Dear kDear[] = {
    {"libstdc++.so", "costs about 1.1 ms at each start", "-static-libstdc++ -static-libgcc."},
    {"libc++.so", "costs about 1 ms at each start", "-static-libstdc++ (with clang: also for libc++)."},
    {"libgcc_s.so", "costs time at each start", "-static-libgcc."},
};

bool IsFree(std::string_view library) {
  for (const std::string_view free : kFree) {
    if (library.starts_with(free)) {
      return true;
    }
  }
  return false;
}

void TellNeeded(const Library& library, Report* report) {
  bool is_fine = true;
  for (const std::string& needed : library.needed) {
    if (IsFree(needed)) {
      continue;
    }
    is_fine = false;
    const Dear* found = nullptr;
    for (const Dear& dear : kDear) {
      found = needed.starts_with(dear.library) ? &dear : found;
    }
    if (found != nullptr) {
      report->Warn("needs", "it needs " + needed + ", which " + std::string(found->cost),
                   std::string(kBuildAdvice) + std::string(found->advice));
    } else {
      report->Warn("needs",
                   "it needs " + needed +
                       ": where that is missing, every docker command is denied; it also costs time at each start",
                   "Link that library into it, or do without it.");
    }
  }
  if (is_fine) {
    report->Ok("needs", "it needs nothing at run time but the C library");
  }
}

void TellExported(const Library& library, Report* report) {
  std::string others;
  std::size_t count = 0;
  bool has_entry = false;
  for (const std::string& name : library.exported) {
    if (name == SDP_ENTRY_SYMBOL) {
      has_entry = true;
    } else if (++count <= 3) {
      others += (others.empty() ? "" : ", ") + name.substr(0, 60);
    }
  }
  if (!has_entry) {
    report->Fail("symbols", "it does not export " SDP_ENTRY_SYMBOL ": no plugin, or one for another ABI major",
                 "End its one source file with SAFE_DOCKER_PLUGIN(Class, description).");
  } else if (count > 0) {
    report->Fail("symbols",
                 "it exports " + std::to_string(count) + (count == 1 ? " symbol" : " symbols") +
                     " besides " SDP_ENTRY_SYMBOL + ", which others could bind to: " + others +
                     (count > 3 ? ", …" : ""),
                 std::string(kBuildAdvice) +
                     "-Wl,--version-script=$(pkg-config --variable=version_script safe-docker-plugin-api).");
  } else {
    report->Ok("symbols", "it exports " SDP_ENTRY_SYMBOL " and nothing else");
  }
}

}  // namespace

void TryFile(const Subject& subject, Report* report) {
  const plugins::TrustedFile file = plugins::CheckTrust(subject.path, {});
  if (file.path.empty()) {
    report->Fail("file", file.refusal, file.advice + ".");
  } else {
    report->Ok("file", "nobody but you and root can change it");
  }
}

void TryLibrary(const Subject& subject, Report* report) {
  std::ifstream file(subject.path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const Library library = ReadLibrary(bytes);
  if (!library.error.empty()) {
    report->Fail("type", library.error, "Build it as a shared library for this machine: -shared -fPIC.");
    return;
  }
  if (library.has_executable_stack) {
    report->Warn("type", "it wants an executable stack, which makes every crash easier to exploit",
                 std::string(kBuildAdvice) + "-Wl,-z,noexecstack.");
  } else {
    report->Ok("type", "it is a shared library for this machine");
  }
  if (!library.has_symbols) {
    report->Skip("symbols", "its tables of symbols cannot be read here; nm -gU FILE shows them");
    return;
  }
  TellExported(library, report);
  TellNeeded(library, report);
}

}  // namespace safe_docker::conformance
