#include "audit/encodings.hpp"

#include <nlohmann/json.hpp>

namespace safe_docker::audit {
namespace {

constexpr std::size_t kLeastEncoded = 6;

bool IsAlphanumeric(char letter) {
  return (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z');
}

std::string Base64(std::string_view bytes, std::string_view last_two) {
  std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  digits += last_two;
  std::string text;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char byte : bytes) {
    bits = (bits << 8U) | static_cast<unsigned char>(byte);
    count += 8;
    while (count >= 6) {
      count -= 6;
      text += digits[(bits >> count) & 63U];
    }
  }
  return text;  // what is left of the last byte depends on the one behind it
}

// What base64 makes of `secret` wherever in a text it begins: at a multiple of three bytes, one or two bytes behind it.
void AddBase64(std::string_view secret, std::vector<Form>* forms) {
  for (const std::string_view last_two : {"+/", "-_"}) {
    for (std::size_t shift = 0; shift < 3; ++shift) {
      const std::string text = Base64(std::string(shift, 'x') + std::string(secret), last_two);
      // The first letters hold bits of what stands in front.
      forms->push_back({text.substr(shift == 0 ? 0 : shift + 1), false, true});
    }
  }
}

std::string UrlEncode(std::string_view text, std::string_view digits, bool plus, std::string_view plain) {
  std::string encoded;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (IsAlphanumeric(letter) || plain.find(letter) != std::string_view::npos) {
      encoded += letter;
    } else if (letter == ' ' && plus) {
      encoded += '+';
    } else {
      encoded += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
  }
  return encoded;
}

void AddOnce(std::string text, std::vector<Form>* forms) {
  for (const Form& form : *forms) {
    if (form.text == text) {
      return;
    }
  }
  forms->push_back({std::move(text), false, false});
}

}  // namespace

std::vector<Form> FormsOf(std::string_view secret) {
  std::vector<Form> forms = {{std::string(secret), true, false}};
  if (secret.size() < kLeastEncoded) {
    return forms;
  }
  for (const std::string_view digits : {"0123456789ABCDEF", "0123456789abcdef"}) {
    AddOnce(UrlEncode(secret, digits, false, "-_.~"), &forms);
    AddOnce(UrlEncode(secret, digits, true, "-_.~"), &forms);
    AddOnce(UrlEncode(secret, digits, true, "-_.*"), &forms);
    AddOnce(UrlEncode(secret, digits, false, "-_.~/"), &forms);
    AddOnce(UrlEncode(secret, digits, false, "-_.!~*'()"), &forms);
  }
  const std::string json = nlohmann::json(secret).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  AddOnce(json.substr(1, json.size() - 2), &forms);
  AddBase64(secret, &forms);
  return forms;
}

std::size_t MatchForm(const Form& form, std::string_view text, std::size_t at, std::size_t* steps) {
  std::size_t matched = 0;
  while (matched < form.text.size()) {
    ++*steps;
    if (at == text.size()) {
      return std::string_view::npos;
    }
    const char letter = text[at];
    if (letter == form.text[matched]) {
      ++matched;
    } else if (!form.loose || matched == 0 || (letter != '\\' && letter != '"' && letter != '\'')) {
      return std::string_view::npos;
    }
    ++at;
  }
  return at;
}

bool IsBase64Letter(char letter) {
  return IsAlphanumeric(letter) || letter == '+' || letter == '/' || letter == '-' || letter == '_';
}

}  // namespace safe_docker::audit
