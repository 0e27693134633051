// The forms in which a known secret may turn up in a text: as it is, behind the quotes and backslashes of any number of
// shells, and in base64, URL and JSON encoding.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace safe_docker::audit {

struct Form {
  std::string text;
  bool loose = false;   // quotes and backslashes between its letters do not count
  bool base64 = false;  // the piece of base64 around it belongs to it
};

// All forms of `secret`; the encoded ones if it is long enough not to be mistaken for something else.
std::vector<Form> FormsOf(std::string_view secret);

// The end of `form` in `text`, which begins at `at`; npos if it does not. Adds what it looked at to `steps`.
std::size_t MatchForm(const Form& form, std::string_view text, std::size_t at, std::size_t* steps);

bool IsBase64Letter(char letter);

}  // namespace safe_docker::audit
