#include "conformance/elf.hpp"

#if defined(__linux__)
#include <elf.h>
#include <link.h>
#endif

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

namespace safe_docker::conformance {

#if defined(__linux__)
namespace {

using Header = ElfW(Ehdr);
using Section = ElfW(Shdr);
using Segment = ElfW(Phdr);
using Symbol = ElfW(Sym);
using Dynamic = ElfW(Dyn);

constexpr unsigned char kClass = sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32;

// The machine that this program itself was built for.
constexpr std::uint16_t kMachine =
#if defined(__x86_64__)
    EM_X86_64;
#elif defined(__aarch64__)
    EM_AARCH64;
#elif defined(__riscv)
    EM_RISCV;
#elif defined(__powerpc64__)
    EM_PPC64;
#elif defined(__s390x__)
    EM_S390;
#elif defined(__arm__)
    EM_ARM;
#elif defined(__i386__)
    EM_386;
#else
    EM_NONE;  // not checked
#endif

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  template <typename Item>
  std::optional<Item> At(std::uint64_t offset) const {
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof(Item)) {
      return std::nullopt;
    }
    Item item;
    std::memcpy(&item, bytes_.data() + offset, sizeof item);
    return item;
  }

  // Items of a table until one is not there.
  template <typename Item, typename Visit>
  void EachOf(std::uint64_t offset, std::uint64_t count, const Visit& visit) const {
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::optional<Item> item = At<Item>(offset + i * sizeof(Item));
      if (!item) {
        return;
      }
      visit(*item);
    }
  }

  // The text at `offset` of a table of texts.
  std::string Text(const Section& table, std::uint64_t offset) const {
    const std::uint64_t begin = table.sh_offset + offset;
    if (offset >= table.sh_size || begin >= bytes_.size()) {
      return {};
    }
    const std::string_view rest = bytes_.substr(begin);
    return std::string(rest.substr(0, rest.find('\0')));
  }

 private:
  std::string_view bytes_;
};

std::string CheckHeader(const Reader& reader, Header* header) {
  const std::optional<Header> found = reader.At<Header>(0);
  if (!found || std::memcmp(found->e_ident, ELFMAG, SELFMAG) != 0) {
    return "it is no ELF file";
  }
  *header = *found;
  if (header->e_type != ET_DYN) {
    return "it is an ELF file, but no shared library";
  }
  if (header->e_ident[EI_CLASS] != kClass || (kMachine != EM_NONE && header->e_machine != kMachine)) {
    return "it is built for another processor (ELF machine " + std::to_string(header->e_machine) + ", here " +
           std::to_string(kMachine) + ")";
  }
  return {};
}

void ReadSymbols(const Reader& reader, const Section& table, const Section& texts, Library* library) {
  library->has_symbols = true;
  reader.EachOf<Symbol>(table.sh_offset, table.sh_size / sizeof(Symbol), [&](const Symbol& symbol) {
    const unsigned binding = symbol.st_info >> 4U;
    if (symbol.st_shndx == SHN_UNDEF || binding == STB_LOCAL) {
      return;
    }
    std::string name = reader.Text(texts, symbol.st_name);
    if (binding == STB_GNU_UNIQUE) {
      library->unique.push_back(name);
    }
    library->exported.push_back(std::move(name));
  });
}

void ReadNeeded(const Reader& reader, const Section& table, const Section& texts, Library* library) {
  reader.EachOf<Dynamic>(table.sh_offset, table.sh_size / sizeof(Dynamic), [&](const Dynamic& entry) {
    if (entry.d_tag == DT_NEEDED) {
      library->needed.push_back(reader.Text(texts, entry.d_un.d_val));
    }
  });
}

}  // namespace

Library ReadLibrary(std::string_view bytes) {
  Library library;
  const Reader reader(bytes);
  Header header = {};
  library.error = CheckHeader(reader, &header);
  if (!library.error.empty()) {
    return library;
  }
  library.has_executable_stack = true;  // what a library without a word on it gets
  reader.EachOf<Segment>(header.e_phoff, header.e_phnum, [&](const Segment& segment) {
    if (segment.p_type == PT_GNU_STACK) {
      library.has_executable_stack = (segment.p_flags & PF_X) != 0;
    }
  });
  reader.EachOf<Section>(header.e_shoff, header.e_shnum, [&](const Section& section) {
    const std::optional<Section> texts =
        reader.At<Section>(header.e_shoff + std::uint64_t{section.sh_link} * sizeof(Section));
    if (texts && section.sh_type == SHT_DYNSYM) {
      ReadSymbols(reader, section, *texts, &library);
    } else if (texts && section.sh_type == SHT_DYNAMIC) {
      ReadNeeded(reader, section, *texts, &library);
    }
  });
  return library;
}

#else

// Mach-O is read by its first bytes only; `nm -gU` and `otool -L` show the rest.
Library ReadLibrary(std::string_view bytes) {
  Library library;
  std::uint32_t magic = 0;
  if (bytes.size() >= sizeof magic) {
    std::memcpy(&magic, bytes.data(), sizeof magic);
  }
  constexpr std::uint32_t kMachO = 0xfeedfacf;
  constexpr std::uint32_t kUniversal = 0xbebafeca;
  if (magic != kMachO && magic != kUniversal) {
    library.error = "it is no Mach-O file";
  }
  return library;
}

#endif

}  // namespace safe_docker::conformance
