#include "audit/verify.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "audit/chain.hpp"

namespace safe_docker::audit {
namespace {

// Records that wait for each other are written in another order than they were made.
constexpr std::uint64_t kTimeSlack = 15'000'000'000;

// `path` and the files that it was rotated to, oldest first.
std::vector<std::string> FilesOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const std::string name = path.substr(slash == std::string::npos ? 0 : slash + 1) + ".";
  std::vector<std::pair<unsigned, std::string>> rotated;
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(opendir(folder.c_str()), &closedir);
  for (const dirent* entry = entries ? readdir(entries.get()) : nullptr; entry != nullptr;
       entry = readdir(entries.get())) {
    const std::string_view each = entry->d_name;
    unsigned number = 0;
    if (each.starts_with(name)) {
      const char* end = each.data() + each.size();
      const auto [last, error] = std::from_chars(each.data() + name.size(), end, number);
      if (error == std::errc() && last == end) {
        rotated.emplace_back(number, path + "." + std::to_string(number));
      }
    }
  }
  std::sort(rotated.rbegin(), rotated.rend());
  std::vector<std::string> files;
  std::transform(rotated.begin(), rotated.end(), std::back_inserter(files),
                 [](const auto& each) { return each.second; });
  files.push_back(path);
  return files;
}

std::uint64_t BytesIn(const std::vector<std::string>& files) {
  std::uint64_t bytes = 0;
  for (const std::string& file : files) {
    struct stat status = {};
    bytes += stat(file.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
  }
  return bytes;
}

int CloseFile(FILE* file) { return file == nullptr ? 0 : std::fclose(file); }

class Verifier {
 public:
  Verifier(std::string_view head, ReadingWatch watch, Verification* result)
      : head_(head), watch_(std::move(watch)), result_(*result) {}

  // False if the file cannot be read.
  bool ReadFile(const std::string& path) {
    // Whatever lies there may be no log: nobody waits for the other end of a FIFO.
    const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat status = {};
    const bool is_regular = descriptor >= 0 && fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    const std::unique_ptr<FILE, int (*)(FILE*)> file(is_regular ? fdopen(descriptor, "r") : nullptr, &CloseFile);
    if (!file) {
      result_.problem = path + ": " + (descriptor < 0 || is_regular ? std::strerror(errno) : "not a regular file");
      if (descriptor >= 0) {
        close(descriptor);
      }
      return false;
    }
    file_ = path;
    line_ = 0;
    result_.files.push_back(path);
    char* buffer = nullptr;
    std::size_t capacity = 0;
    ssize_t size = 0;
    while ((size = getline(&buffer, &capacity, file.get())) > 0) {
      ++line_;
      watch_.Count(static_cast<std::size_t>(size));
      std::string_view line(buffer, static_cast<std::size_t>(size));
      is_ended_ = line.ends_with('\n');
      line.remove_suffix(is_ended_ ? 1 : 0);
      ReadLine(line);
    }
    std::free(buffer);
    if (std::ferror(file.get()) != 0) {
      result_.problem = path + ": " + std::strerror(errno);
    }
    return result_.problem.empty();
  }

  void End() {
    if (last_) {
      result_.last_seq = last_->seq;
      result_.head = last_->hash;
    }
    if (!head_.empty() && !head_found_) {
      Add("head", "the record with this hash is missing: the end of the log was cut off, or it was replaced",
          std::string(head_), result_.head);
    }
    if (result_.records == 0 && !result_.flaws.empty()) {
      Add("no records", "there is no record left in it: it was replaced, or is no log");
    }
    if (result_.chained == 0 && result_.records > 0) {
      Add("unchained", "no record is chained, so nothing can be said; [audit] chain = true chains those to come");
    }
  }

 private:
  void Add(const char* kind, std::string what, std::string expected = {}, std::string got = {}) {
    constexpr std::string_view kTold[] = {"partial", "time", "older"};
    Flaw flaw;
    flaw.breaks = std::find(std::begin(kTold), std::end(kTold), kind) == std::end(kTold);
    flaw.kind = kind;
    flaw.file = file_;
    flaw.line = line_;
    flaw.seq = seq_;
    flaw.what = std::move(what);
    flaw.expected = std::move(expected);
    flaw.got = std::move(got);
    result_.flaws.push_back(std::move(flaw));
  }

  void ReadLine(std::string_view line) {
    seq_ = 0;
    if (line.empty()) {
      return;  // behind half a line
    }
    std::optional<Link> link = ReadLink(line);
    if (link) {
      ++result_.records;
      ++result_.chained;
      seq_ = link->seq;
      Compare(line, *link);
      head_found_ = head_found_ || link->hash == head_;
      last_ = std::move(link);
    } else if (!nlohmann::json::accept(line)) {
      Add("partial", is_ended_
                         ? "a part of a line: its writer was ended in the middle of it"
                         : "the last line is not complete: its writer was ended in the middle of it, or is at it");
    } else {
      ++result_.records;
      if (last_) {
        Add("unchained", "stands between chained records without a link: put in, or written while chain was off");
      }
    }
  }

  void Compare(std::string_view line, const Link& link) {
    if (const std::string hash = HashOf(line); hash != link.hash) {
      Add("hash", "the record was changed", hash, link.hash);
    }
    if (!last_) {
      result_.first_seq = link.seq;
      if (!link.prev.empty() || link.seq != 1) {
        Add("older", "the records before this one are not here any more", "", link.prev);
      }
      return;
    }
    if (link.seq != last_->seq + 1) {
      Add("seq",
          link.seq > last_->seq ? "records are missing in front of this one" : "a record stands here twice, or moved",
          std::to_string(last_->seq + 1), std::to_string(link.seq));
    }
    if (link.prev != last_->hash) {
      Add("prev", "this is not the record that followed the one before", last_->hash, link.prev);
    }
    if (link.time_unix_nano + kTimeSlack < last_->time_unix_nano) {
      Add("time", "it is older than the record before it: the clock was set back",
          std::to_string(last_->time_unix_nano), std::to_string(link.time_unix_nano));
    }
  }

  std::string_view head_;
  ReadingWatch watch_;
  Verification& result_;
  bool head_found_ = false;
  std::string file_;
  std::uint64_t line_ = 0;
  std::uint64_t seq_ = 0;
  bool is_ended_ = true;
  std::optional<Link> last_;
};

}  // namespace

bool Verification::holds() const {
  return problem.empty() && std::none_of(flaws.begin(), flaws.end(), [](const Flaw& flaw) { return flaw.breaks; });
}

Verification VerifyLog(const std::string& path, std::string_view head, ReadingWatch::Teller teller) {
  Verification result;
  const std::vector<std::string> files = FilesOf(path);
  Verifier verifier(head, ReadingWatch(std::move(teller), BytesIn(files)), &result);
  if (std::all_of(files.begin(), files.end(), [&](const std::string& file) { return verifier.ReadFile(file); })) {
    verifier.End();
  }
  return result;
}

}  // namespace safe_docker::audit
