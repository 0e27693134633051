#include "devices.hpp"

#include <safe_docker/checker.hpp>

namespace safe_docker::flags {
namespace {

using namespace plugin;

constexpr std::string_view kHarmless[] = {"null", "zero", "full", "random", "urandom", "tty"};

// Disks under the names that the kernel and its volume managers give them.
constexpr std::string_view kRawPrefixes[] = {"sd",   "nvme", "vd",     "xvd",  "hd",  "mmcblk", "loop", "dm-",
                                             "md",   "sr",   "mapper", "disk", "nbd", "rbd",    "zd",   "bcache",
                                             "dasd", "drbd", "pmem",   "raw",  "mtd", "ublk",   "zram", "block",
                                             "ram",  "bsg",  "root",   "fd0",  "fd1"};

// Memory, ports, the kernel's log and the registers of the processor.
constexpr std::string_view kRawNames[] = {"mem", "kmem", "port", "kmsg", "cpu", "nvram", "oldmem", "core"};

bool IsDigit(char letter) { return letter >= '0' && letter <= '9'; }

bool IsClean(std::string_view path) {
  while (!path.empty()) {
    const std::string_view part = NextPart(&path, '/');
    if (part.empty() || part == "." || part == "..") {
      return false;
    }
  }
  return true;
}

}  // namespace

DeviceRisk JudgeDevice(std::string_view path) {
  constexpr std::string_view kFolder = "/dev/";
  while (path.size() > 1 && EndsWith(path, '/')) {
    path.remove_suffix(1);
  }
  const std::string_view name = StartsWith(path, kFolder) ? Slice(path, kFolder.size()) : std::string_view{};
  if (name.empty() || !IsClean(name)) {
    return DeviceRisk::kRaw;
  }
  for (std::string_view harmless : kHarmless) {
    if (name == harmless) {
      return DeviceRisk::kHarmless;
    }
  }
  for (std::string_view prefix : kRawPrefixes) {
    if (StartsWith(name, prefix)) {
      return DeviceRisk::kRaw;
    }
  }
  for (std::string_view raw : kRawNames) {
    if (IsWithin(name, raw)) {
      return DeviceRisk::kRaw;
    }
  }
  // Generic SCSI; the devices of SGX begin with the same letters.
  const bool is_scsi = StartsWith(name, "sg") && name.size() > 2 && IsDigit(name[2]);
  return is_scsi ? DeviceRisk::kRaw : DeviceRisk::kUnusual;
}

DeviceRisk JudgeDeviceRule(std::string_view rule) {
  while (StartsWith(rule, ' ')) {
    rule.remove_prefix(1);
  }
  const bool opens_all = StartsWith(rule, 'a') || StartsWith(rule, 'b') || rule.find("*:*") != std::string_view::npos;
  return opens_all ? DeviceRisk::kRaw : DeviceRisk::kUnusual;
}

}  // namespace safe_docker::flags
