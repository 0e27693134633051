// Writes into every descriptor that it did not open: what its host's own children would tell, what nobody would, and
// the beginning of a line.
#include <unistd.h>

#include <string_view>

#include "careless.hpp"

namespace {

constexpr std::string_view kLies[] = {
    "[\"point\",\"plugins.forged\",\"0\",\"forged\",\"\"]\n",
    "[\"point\",\"plugins.forged\",\"77\",\"forged\",\"\"]\n",
    "[\"detail\",\"forged\"]\n",
    "[\"fact\",\"id\",\"forged\"]\n",
    "[\"doing\",\"forged\",\"99999999999999999999999\"]\n",
    "[\"point\"]\n[\"doing\",1]\n[5]\n{\"point\":1}\nnull\n\n\xFF\n",
    "[\"finished\"]\n",
    "[\"point\",\"plugins.forged",
};

class WritesToStrangers {
 public:
  void Create(const careless::Host&, careless::Findings&) { WriteAll(); }
  void Check(const careless::Request& request, careless::Findings& findings) const {
    WriteAll();
    careless::Object(request, findings);
  }

 private:
  static void WriteAll() {
    constexpr int kMostDescriptors = 1024;
    for (int descriptor = STDERR_FILENO + 1; descriptor < kMostDescriptors; ++descriptor) {
      for (const std::string_view lie : kLies) {
        if (write(descriptor, lie.data(), lie.size()) < 0) {
          break;
        }
      }
    }
  }
};

}  // namespace

SAFE_DOCKER_PLUGIN(WritesToStrangers, careless::kDescription);
