// What it means to hand a host device to a container: nothing, something to ask about, or the disks and the memory of
// the host.
#pragma once

#include <string_view>

namespace safe_docker::flags {

enum class DeviceRisk { kHarmless, kUnusual, kRaw };

// A device by its path. Whatever does not lie in /dev, or holds other devices, is raw.
DeviceRisk JudgeDevice(std::string_view path);

// A device cgroup rule: "TYPE MAJOR:MINOR PERMISSIONS".
DeviceRisk JudgeDeviceRule(std::string_view rule);

}  // namespace safe_docker::flags
