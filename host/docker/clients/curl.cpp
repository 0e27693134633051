#include "docker/clients/curl.hpp"

#include <algorithm>

#include "docker/csv.hpp"
#include "fixed_text.hpp"

namespace safe_docker::docker {
namespace {

struct OptionRow {
  FixedText<32> name;  // without the dashes
  char short_name;     // NUL if it has none
  bool takes_value;    // always the next word, or the rest behind the letter
  CurlRole role = CurlRole::kNone;
};

// curl 7.88, and what others know besides.
constexpr OptionRow kOptions[] = {
    {"abstract-unix-socket", '\0', true, CurlRole::kAbstractSocket},
    {"alpn", '\0', false},
    {"alt-svc", '\0', true},
    {"anyauth", '\0', false},
    {"append", 'a', false},
    {"aws-sigv4", '\0', true},
    {"basic", '\0', false},
    {"buffer", '\0', false},
    {"ca-native", '\0', false},
    {"cacert", '\0', true},
    {"capath", '\0', true},
    {"cert", 'E', true},
    {"cert-status", '\0', false},
    {"cert-type", '\0', true},
    {"ciphers", '\0', true},
    {"clobber", '\0', false},
    {"compressed", '\0', false},
    {"compressed-ssh", '\0', false},
    {"config", 'K', true, CurlRole::kConfig},
    {"connect-timeout", '\0', true},
    {"connect-to", '\0', true, CurlRole::kConnection},
    {"continue-at", 'C', true},
    {"cookie", 'b', true},
    {"cookie-jar", 'c', true},
    {"create-dirs", '\0', false},
    {"create-file-mode", '\0', true},
    {"crlf", '\0', false, CurlRole::kDoubt},
    {"crlfile", '\0', true},
    {"curves", '\0', true},
    {"data", 'd', true, CurlRole::kData},
    {"data-ascii", '\0', true, CurlRole::kData},
    {"data-binary", '\0', true, CurlRole::kDataBinary},
    {"data-raw", '\0', true, CurlRole::kDataRaw},
    {"data-urlencode", '\0', true, CurlRole::kDataUrl},
    {"delegation", '\0', true},
    {"digest", '\0', false},
    {"disable", 'q', false},
    {"disable-eprt", '\0', false},
    {"disable-epsv", '\0', false},
    {"disallow-username-in-url", '\0', false},
    {"dns-interface", '\0', true},
    {"dns-ipv4-addr", '\0', true},
    {"dns-ipv6-addr", '\0', true},
    {"dns-servers", '\0', true},
    {"doh-cert-status", '\0', false},
    {"doh-insecure", '\0', false},
    {"doh-url", '\0', true},
    {"dump-ca-embed", '\0', false},
    {"dump-header", 'D', true},
    {"ech", '\0', true},
    {"egd-file", '\0', true},
    {"engine", '\0', true},
    {"etag-compare", '\0', true},
    {"etag-save", '\0', true},
    {"expect100-timeout", '\0', true},
    {"fail", 'f', false},
    {"fail-early", '\0', false},
    {"fail-with-body", '\0', false},
    {"false-start", '\0', false},
    {"follow", '\0', false},
    {"form", 'F', true, CurlRole::kForm},
    {"form-escape", '\0', false},
    {"form-string", '\0', true, CurlRole::kForm},
    {"ftp-account", '\0', true},
    {"ftp-alternative-to-user", '\0', true},
    {"ftp-create-dirs", '\0', false},
    {"ftp-method", '\0', true},
    {"ftp-pasv", '\0', false},
    {"ftp-port", 'P', true},
    {"ftp-pret", '\0', false},
    {"ftp-skip-pasv-ip", '\0', false},
    {"ftp-ssl", '\0', false},
    {"ftp-ssl-ccc", '\0', false},
    {"ftp-ssl-ccc-mode", '\0', true},
    {"ftp-ssl-control", '\0', false},
    {"ftp-ssl-reqd", '\0', false},
    {"get", 'G', false, CurlRole::kGet},
    {"globoff", 'g', false, CurlRole::kGlobOff},
    {"happy-eyeballs-timeout-ms", '\0', true},
    {"haproxy-clientip", '\0', true, CurlRole::kDoubt},
    {"haproxy-protocol", '\0', false, CurlRole::kDoubt},
    {"head", 'I', false, CurlRole::kHead},
    {"header", 'H', true, CurlRole::kHeader},
    {"help", 'h', false, CurlRole::kHelp},
    {"hostpubmd5", '\0', true},
    {"hostpubsha256", '\0', true},
    {"hsts", '\0', true},
    {"http0.9", '\0', false},
    {"http1.0", '0', false},
    {"http1.1", '\0', false},
    {"http2", '\0', false},
    {"http2-prior-knowledge", '\0', false},
    {"http3", '\0', false},
    {"http3-only", '\0', false},
    {"ignore-content-length", '\0', false},
    {"include", 'i', false},
    {"insecure", 'k', false},
    {"interface", '\0', true},
    {"ip-tos", '\0', true},
    {"ipfs-gateway", '\0', true},
    {"ipv4", '4', false},
    {"ipv6", '6', false},
    {"json", '\0', true, CurlRole::kJson},
    {"junk-session-cookies", 'j', false},
    {"keepalive", '\0', false},
    {"keepalive-cnt", '\0', true},
    {"keepalive-time", '\0', true},
    {"key", '\0', true},
    {"key-type", '\0', true},
    {"knownhosts", '\0', true},
    {"krb", '\0', true},
    {"libcurl", '\0', true},
    {"limit-rate", '\0', true},
    {"list-only", 'l', false},
    {"local-port", '\0', true},
    {"location", 'L', false},
    {"location-trusted", '\0', false},
    {"login-options", '\0', true},
    {"mail-auth", '\0', true},
    {"mail-from", '\0', true},
    {"mail-rcpt", '\0', true},
    {"mail-rcpt-allowfails", '\0', false},
    {"manual", 'M', false, CurlRole::kHelp},
    {"max-filesize", '\0', true},
    {"max-redirs", '\0', true},
    {"max-time", 'm', true},
    {"metalink", '\0', false},
    {"mptcp", '\0', false},
    {"negotiate", '\0', false},
    {"netrc", 'n', false},
    {"netrc-file", '\0', true},
    {"netrc-optional", '\0', false},
    {"next", ':', false, CurlRole::kNext},
    {"no-alpn", '\0', false},
    {"no-buffer", 'N', false},
    {"no-clobber", '\0', false},
    {"no-keepalive", '\0', false},
    {"no-npn", '\0', false},
    {"no-progress-meter", '\0', false},
    {"no-sessionid", '\0', false},
    {"noproxy", '\0', true},
    {"npn", '\0', false},
    {"ntlm", '\0', false},
    {"ntlm-wb", '\0', false},
    {"oauth2-bearer", '\0', true},
    {"out-null", '\0', false},
    {"output", 'o', true, CurlRole::kOutput},
    {"output-dir", '\0', true, CurlRole::kDoubt},
    {"parallel", 'Z', false},
    {"parallel-immediate", '\0', false},
    {"parallel-max", '\0', true},
    {"parallel-max-host", '\0', true},
    {"pass", '\0', true},
    {"path-as-is", '\0', false},
    {"pinnedpubkey", '\0', true},
    {"post301", '\0', false},
    {"post302", '\0', false},
    {"post303", '\0', false},
    {"preproxy", '\0', true, CurlRole::kConnection},
    {"progress-bar", '#', false},
    {"progress-meter", '\0', false},
    {"proto", '\0', true},
    {"proto-default", '\0', true, CurlRole::kDoubt},
    {"proto-redir", '\0', true},
    {"proxy", 'x', true, CurlRole::kConnection},
    {"proxy-anyauth", '\0', false},
    {"proxy-basic", '\0', false},
    {"proxy-ca-native", '\0', false},
    {"proxy-cacert", '\0', true},
    {"proxy-capath", '\0', true},
    {"proxy-cert", '\0', true},
    {"proxy-cert-type", '\0', true},
    {"proxy-ciphers", '\0', true},
    {"proxy-crlfile", '\0', true},
    {"proxy-digest", '\0', false},
    {"proxy-header", '\0', true},
    {"proxy-http2", '\0', false},
    {"proxy-insecure", '\0', false},
    {"proxy-key", '\0', true},
    {"proxy-key-type", '\0', true},
    {"proxy-negotiate", '\0', false},
    {"proxy-ntlm", '\0', false},
    {"proxy-pass", '\0', true},
    {"proxy-pinnedpubkey", '\0', true},
    {"proxy-service-name", '\0', true},
    {"proxy-ssl-allow-beast", '\0', false},
    {"proxy-ssl-auto-client-cert", '\0', false},
    {"proxy-tls13-ciphers", '\0', true},
    {"proxy-tlsauthtype", '\0', true},
    {"proxy-tlspassword", '\0', true},
    {"proxy-tlsuser", '\0', true},
    {"proxy-tlsv1", '\0', false},
    {"proxy-user", 'U', true},
    {"proxy1.0", '\0', true, CurlRole::kConnection},
    {"proxytunnel", 'p', false, CurlRole::kDoubt},
    {"pubkey", '\0', true},
    {"quote", 'Q', true, CurlRole::kDoubt},
    {"random-file", '\0', true},
    {"range", 'r', true},
    {"rate", '\0', true},
    {"raw", '\0', false},
    {"referer", 'e', true},
    {"remote-header-name", 'J', false},
    {"remote-name", 'O', false},
    {"remote-name-all", '\0', false},
    {"remote-time", 'R', false},
    {"remove-on-error", '\0', false},
    {"request", 'X', true, CurlRole::kMethod},
    {"request-target", '\0', true, CurlRole::kTarget},
    {"resolve", '\0', true},
    {"retry", '\0', true},
    {"retry-all-errors", '\0', false},
    {"retry-connrefused", '\0', false},
    {"retry-delay", '\0', true},
    {"retry-max-time", '\0', true},
    {"sasl-authzid", '\0', true},
    {"sasl-ir", '\0', false},
    {"service-name", '\0', true},
    {"sessionid", '\0', false},
    {"show-error", 'S', false},
    {"show-headers", '\0', false},
    {"sigalgs", '\0', true},
    {"silent", 's', false},
    {"skip-existing", '\0', false},
    {"socks4", '\0', true, CurlRole::kConnection},
    {"socks4a", '\0', true, CurlRole::kConnection},
    {"socks5", '\0', true, CurlRole::kConnection},
    {"socks5-basic", '\0', false},
    {"socks5-gssapi", '\0', false},
    {"socks5-gssapi-nec", '\0', false},
    {"socks5-gssapi-service", '\0', true},
    {"socks5-hostname", '\0', true, CurlRole::kConnection},
    {"speed-limit", 'Y', true},
    {"speed-time", 'y', true},
    {"ssl", '\0', false},
    {"ssl-allow-beast", '\0', false},
    {"ssl-auto-client-cert", '\0', false},
    {"ssl-no-revoke", '\0', false},
    {"ssl-reqd", '\0', false},
    {"ssl-revoke-best-effort", '\0', false},
    {"sslv2", '2', false},
    {"sslv3", '3', false},
    {"stderr", '\0', true},
    {"styled-output", '\0', false},
    {"suppress-connect-headers", '\0', false},
    {"tcp-fastopen", '\0', false},
    {"tcp-nodelay", '\0', false},
    {"telnet-option", 't', true, CurlRole::kDoubt},
    {"tftp-blksize", '\0', true},
    {"tftp-no-options", '\0', false},
    {"time", '\0', false},
    {"time-cond", 'z', true},
    {"tls-earlydata", '\0', false},
    {"tls-max", '\0', true},
    {"tls13-ciphers", '\0', true},
    {"tlsauthtype", '\0', true},
    {"tlspassword", '\0', true},
    {"tlsuser", '\0', true},
    {"tlsv1", '1', false},
    {"tlsv1.0", '\0', false},
    {"tlsv1.1", '\0', false},
    {"tlsv1.2", '\0', false},
    {"tlsv1.3", '\0', false},
    {"tr-encoding", '\0', false},
    {"trace", '\0', true},
    {"trace-ascii", '\0', true},
    {"trace-config", '\0', true},
    {"trace-ids", '\0', false},
    {"trace-time", '\0', false},
    {"unix-socket", '\0', true, CurlRole::kUnixSocket},
    {"upload-file", 'T', true, CurlRole::kUpload},
    {"upload-flags", '\0', true},
    {"url", '\0', true, CurlRole::kUrl},
    {"url-query", '\0', true, CurlRole::kUrlQuery},
    {"use-ascii", 'B', false},
    {"user", 'u', true},
    {"user-agent", 'A', true},
    {"variable", '\0', true, CurlRole::kDoubt},
    {"verbose", 'v', false},
    {"version", 'V', false, CurlRole::kHelp},
    {"vlan-priority", '\0', true},
    {"write-out", 'w', true},
    {"xattr", '\0', false},
};

// Older versions take options in any case, and as much of a name as tells them apart. Null if none or several fit.
const OptionRow* FindLong(std::string_view name) {
  const OptionRow* found = nullptr;
  int count = 0;
  for (const OptionRow& row : kOptions) {
    if (row.name == name) {
      return &row;
    }
    if (row.name.view().starts_with(name)) {
      found = &row;
      ++count;
    }
  }
  return count == 1 && !name.empty() ? found : nullptr;
}

const OptionRow* FindShort(char letter) {
  const auto* found = std::find_if(std::begin(kOptions), std::end(kOptions), [letter](const OptionRow& row) {
    return row.short_name == letter && letter != kUnknownPart;
  });
  return found != std::end(kOptions) ? found : nullptr;
}

bool IsData(CurlRole role) {
  return role == CurlRole::kData || role == CurlRole::kDataBinary || role == CurlRole::kDataRaw ||
         role == CurlRole::kDataUrl || role == CurlRole::kJson || role == CurlRole::kForm;
}

// "{{name}}" and "{{name:trim}}" as unknown parts.
std::string HideVariables(std::string_view value) {
  std::string hidden;
  for (std::size_t begin = value.find("{{"); begin != std::string_view::npos; begin = value.find("{{")) {
    const std::size_t end = value.find("}}", begin);
    hidden.append(value.substr(0, begin)).push_back(kUnknownPart);
    value.remove_prefix(end == std::string_view::npos ? value.size() : end + 2);
  }
  return hidden.append(value);
}

class Reader {
 public:
  explicit Reader(const std::vector<Word>& words) : words_(words), transfers_(1) {}

  std::vector<CurlTransfer> Read() {
    bool takes_options = true;
    for (at_ = 1; at_ < words_.size(); ++at_) {
      const Word& word = words_[at_];
      if (word.may_split) {
        Doubt(word);
      }
      if (!takes_options || !word.text.starts_with('-')) {
        TakeUrl(word);
      } else if (word.text == "--") {
        takes_options = false;
      } else if (word.text.starts_with("--")) {
        TakeLong(word);
      } else {
        TakeShort(word);
      }
    }
    return std::move(transfers_);
  }

 private:
  void Doubt(const Word& word) {
    std::vector<const Word*>& doubts = transfers_.back().doubts;
    if (doubts.empty() || doubts.back() != &word) {
      doubts.push_back(&word);
    }
  }

  void TakeUrl(const Word& word) {
    if (word.text.starts_with(kUnknownPart)) {
      Doubt(word);  // it may be an option
    }
    transfers_.back().urls.push_back({CurlRole::kUrl, word.text, &word});
  }

  // The word behind an option.
  void TakeNext(const OptionRow& row, const Word& option, bool expands = false) {
    if (at_ + 1 >= words_.size()) {
      Doubt(option);
      return;
    }
    const Word& word = words_[++at_];
    if (word.may_split) {
      Doubt(word);
    }
    const std::string value = expands ? HideVariables(word.text) : word.text;
    Take(row, value, word, /*is_hidden=*/value != word.text);
  }

  void Take(const OptionRow& row, std::string_view value, const Word& word, bool is_hidden = false) {
    CurlTransfer& transfer = transfers_.back();
    // A line break in a header, or in what becomes part of one, may begin another request.
    if (row.role == CurlRole::kDoubt || (!IsData(row.role) && value.find_first_of("\r\n") != std::string_view::npos)) {
      Doubt(word);
    }
    if (row.role == CurlRole::kNext) {
      // Behind a word that is not understood this may be the value of an option.
      if (transfer.doubts.empty()) {
        transfers_.emplace_back();
      }
    } else if (row.role == CurlRole::kUrl) {
      if (value.starts_with('@')) {
        Doubt(word);  // newer versions read addresses from a file
        transfer.options.push_back({CurlRole::kUrlFile, std::string(value.substr(1)), &word, is_hidden});
      }
      transfer.urls.push_back({row.role, std::string(value), &word, is_hidden});
    } else if (row.role != CurlRole::kNone) {
      transfer.options.push_back({row.role, std::string(value), &word, is_hidden});
    }
  }

  void TakeLong(const Word& word) {
    const std::string_view text = std::string_view(word.text).substr(2);
    const std::size_t equals = text.find('=');
    std::string name = ToLower(text.substr(0, equals));
    const bool expands = name.starts_with("expand-");
    if (expands) {
      Doubt(word);
      name.erase(0, std::string_view("expand-").size());
    }
    const OptionRow* row = FindLong(name);
    const bool is_negated = row == nullptr && name.starts_with("no-");
    if (is_negated) {
      row = FindLong(std::string_view(name).substr(3));
    }
    if (row == nullptr || equals != std::string_view::npos || (is_negated && row->role != CurlRole::kNone)) {
      // Most versions refuse what is here.
      Doubt(word);
    }
    if (row == nullptr || is_negated) {
      return;
    }
    if (row->takes_value && equals == std::string_view::npos) {
      TakeNext(*row, word, expands);
    } else {
      Take(*row, row->takes_value ? text.substr(equals + 1) : std::string_view{}, word);
    }
  }

  void TakeShort(const Word& word) {
    const std::string_view letters = std::string_view(word.text).substr(1);
    if (letters.empty()) {
      Doubt(word);
    }
    for (std::size_t index = 0; index < letters.size(); ++index) {
      const OptionRow* row = FindShort(letters[index]);
      if (row == nullptr) {
        Doubt(word);
      } else if (row->takes_value && index + 1 < letters.size()) {
        Take(*row, letters.substr(index + 1), word);
        return;
      } else if (row->takes_value) {
        TakeNext(*row, word);
      } else {
        Take(*row, {}, word);
      }
    }
  }

  const std::vector<Word>& words_;
  std::vector<CurlTransfer> transfers_;
  std::size_t at_ = 0;
};

}  // namespace

const CurlOption* CurlTransfer::Last(CurlRole role) const {
  const auto found =
      std::find_if(options.rbegin(), options.rend(), [role](const CurlOption& option) { return option.role == role; });
  return found != options.rend() ? &*found : nullptr;
}

std::vector<CurlTransfer> ReadCurlWords(const std::vector<Word>& words) { return Reader(words).Read(); }

}  // namespace safe_docker::docker
