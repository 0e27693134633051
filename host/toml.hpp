// toml++, for all who read TOML that anyone may have written. In 3.3 its parser takes for granted that a key begins
// behind
// '[', which a line that ends there does not keep: an abort in a debug build, and undefined with clang in a release.
// Without that assumption the parser goes on to report the line as it should.
#pragma once

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#if __has_include(<toml++/impl/preprocessor.h>)
#include <toml++/impl/preprocessor.h>
#undef TOML_ASSERT_ASSUME
#define TOML_ASSERT_ASSUME(expr) static_assert(true)
#endif
#include <toml++/toml.h>
