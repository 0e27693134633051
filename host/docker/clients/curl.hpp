// The words of a curl command line as curl takes them: one transfer for each part between --next, with what matters of
// its options. Knows nothing of engines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "command_line.hpp"

namespace safe_docker::docker {

enum class CurlRole : std::uint8_t {
  kNone,
  kAbstractSocket,
  kConfig,
  kConnection,  // another address than the one of the URL
  kData,
  kDataBinary,
  kDataRaw,
  kDataUrl,
  kDoubt,  // changes the request in a way that is not followed
  kForm,
  kGet,
  kGlobOff,
  kHead,
  kHeader,
  kHelp,
  kJson,
  kMethod,
  kNext,
  kOutput,
  kTarget,
  kUnixSocket,
  kUpload,
  kUrl,
  kUrlFile,
  kUrlQuery,
};

struct CurlOption {
  CurlRole role = CurlRole::kNone;
  std::string value;
  const Word* word = nullptr;  // the one that holds the value, or the option
  bool is_hidden = false;      // a variable of curl's own stands in it: an unknown part of the value
};

struct CurlTransfer {
  std::vector<CurlOption> options;  // all but those without a role
  std::vector<CurlOption> urls;
  std::vector<const Word*> doubts;  // words that are not understood

  // The last option with that role; null if there is none.
  const CurlOption* Last(CurlRole role) const;
  bool Has(CurlRole role) const { return Last(role) != nullptr; }
};

// The first of `words` is the program.
std::vector<CurlTransfer> ReadCurlWords(const std::vector<Word>& words);

// The addresses that "{a,b}" and "[1-3]" in front of the path stand for; those behind it are left as they are. Too many
// become an unknown part.
std::vector<std::string> ExpandCurlGlobs(const std::string& address);

}  // namespace safe_docker::docker
