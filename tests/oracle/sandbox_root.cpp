#include "sandbox_root.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "stub_log.hpp"

namespace safe_docker::oracle {
namespace {

namespace fs = std::filesystem;

// Where the old root stands until everything is bound.
constexpr const char* kOld = "/old";

constexpr const char* kSystemFolders[] = {"/usr/lib",  "/usr/lib32", "/usr/lib64",   "/usr/libx32",
                                          "/usr/sbin", "/usr/share", "/usr/libexec", "/etc/alternatives"};
constexpr const char* kSystemFiles[] = {"/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/bash.bashrc"};
constexpr const char* kTopFolders[] = {"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"};
constexpr const char* kDevices[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};

class RootBuilder {
 public:
  explicit RootBuilder(const SandboxPlan& plan) : plan_(plan) {}

  std::string Build() {
    Enter();
    BindSystem();
    MakeDevices();
    WriteAccounts();
    LinkPrograms();
    WriteStubs();
    BindHost();
    Finish();
    return problem_;
  }

 private:
  void Check(bool succeeded, const std::string& what) {
    if (!succeeded && problem_.empty()) {
      problem_ = what + ": " + std::strerror(errno);
    }
  }

  void Mount(const char* source, const std::string& target, const char* type, unsigned long flags,
             const char* options = nullptr) {
    Check(mount(source, target.c_str(), type, flags, options) == 0, "mount " + target);
  }

  // A tmpfs becomes the root, and the old root a folder in it.
  void Enter() {
    Mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE);
    Mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=256m");
    Check(mkdir("/tmp/old", 0755) == 0, "mkdir /tmp/old");
    Check(syscall(SYS_pivot_root, "/tmp", "/tmp/old") == 0, "pivot_root");
    Check(chdir("/") == 0, "chdir");
  }

  // A bind mount of what the old root has there, if it has it; read-only unless it is a device.
  void Bind(const fs::path& source, const fs::path& target, bool read_only) {
    const fs::path from = kOld + source.string();
    std::error_code error;
    if (problem_.empty() && fs::exists(from, error)) {
      fs::create_directories(target.parent_path(), error);
      if (fs::is_directory(from, error)) {
        fs::create_directory(target, error);
      } else {
        std::ofstream(target).flush();
      }
      Mount(from.c_str(), target, nullptr, MS_BIND | MS_REC);
      if (read_only) {
        MakeReadOnly(target);
      }
    }
  }

  // A mount that came from outside keeps the flags that it must keep.
  void MakeReadOnly(const fs::path& target) {
    struct statvfs info {};
    Check(statvfs(target.c_str(), &info) == 0, "statvfs " + target.string());
    constexpr unsigned long kKept = ST_NOSUID | ST_NODEV | ST_NOEXEC | ST_NOATIME | ST_NODIRATIME | ST_RELATIME;
    Mount(nullptr, target, nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY | (info.f_flag & kKept));
  }

  void BindSystem() {
    for (const char* folder : kSystemFolders) {
      Bind(folder, folder, true);
    }
    for (const char* file : kSystemFiles) {
      Bind(file, file, true);
    }
    Bind("/usr/bin", "/host/bin", true);
    for (const char* folder : kTopFolders) {
      std::error_code error;
      const fs::path old = std::string(kOld) + folder;
      if (fs::is_symlink(old, error)) {
        fs::create_symlink("usr" + std::string(folder), folder, error);
      } else {
        Bind(folder, folder, true);
      }
    }
  }

  void MakeDevices() {
    for (const char* device : kDevices) {
      Bind(device, device, false);
    }
    std::error_code error;
    for (const auto& [name, target] :
         {std::pair("/dev/fd", "/proc/self/fd"), std::pair("/dev/stdin", "/proc/self/fd/0"),
          std::pair("/dev/stdout", "/proc/self/fd/1"), std::pair("/dev/stderr", "/proc/self/fd/2")}) {
      fs::create_symlink(target, name, error);
    }
    fs::create_directory("/proc", error);
    Mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC);
  }

  static void WriteAccounts() {
    std::ofstream("/etc/passwd") << "root:x:0:0:root:/root:/bin/bash\nu:x:1000:1000::/home/u:/bin/bash\n"
                                    "nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin\n";
    std::ofstream("/etc/group") << "root:x:0:\nu:x:1000:\nnogroup:x:65534:\n";
    std::ofstream("/etc/nsswitch.conf") << "passwd: files\ngroup: files\nhosts: files\n";
    std::ofstream("/etc/hosts") << "127.0.0.1 localhost\n";
  }

  // /usr/bin is a folder of links, so that stubs can stand in it whatever the machine has there.
  void LinkPrograms() {
    std::error_code error;
    fs::create_directories("/usr/bin", error);
    for (const auto& entry : fs::directory_iterator("/host/bin", error)) {
      const std::string name = entry.path().filename();
      if (std::find(plan_.programs.begin(), plan_.programs.end(), name) == plan_.programs.end()) {
        fs::create_symlink("/host/bin/" + name, "/usr/bin/" + name, error);
      }
    }
  }

  void WriteStubs() {
    std::error_code error;
    std::ifstream file(kOld + plan_.stub.string(), std::ios::binary);
    const std::string stub((std::istreambuf_iterator<char>(file)), {});
    Check(!stub.empty(), "read " + plan_.stub.string());
    fs::create_directories("/usr/local/bin", error);
    for (const std::string& program : plan_.programs) {
      const std::string path = "/usr/local/bin/" + program;
      std::ofstream(path, std::ios::binary) << stub << kNameMark << program;
      chmod(path.c_str(), 0755);
      fs::create_symlink(path, "/usr/bin/" + program, error);
    }
  }

  void BindHost() {
    for (const std::string& part : plan_.host_parts) {
      Bind(plan_.host / part, fs::path(kHost) / part, true);
    }
  }

  void Finish() {
    std::error_code error;
    for (const char* folder : {"/home/u", "/tmp", "/root", "/run", "/oracle", "/mnt"}) {
      fs::create_directories(folder, error);
    }
    // Bound over itself, so that nobody can remove it.
    std::ofstream(kLogPath).flush();
    Mount(kLogPath, kLogPath, nullptr, MS_BIND);
    chmod(kLogPath, 0622);
    Check(umount2(kOld, MNT_DETACH) == 0, "umount the old root");
    rmdir(kOld);
    MakeReadOnly("/");
  }

  const SandboxPlan& plan_;
  std::string problem_;
};

}  // namespace

std::string MakeRoot(const SandboxPlan& plan) {
  umask(022);
  return RootBuilder(plan).Build();
}

}  // namespace safe_docker::oracle
