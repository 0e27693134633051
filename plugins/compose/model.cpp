#include "model.hpp"

#include <algorithm>
#include <cstdint>

#include "dotenv.hpp"
#include "paths.hpp"
#include "podman_reading.hpp"
#include "sections.hpp"
#include "yaml.hpp"

namespace safe_docker::compose {
namespace {

constexpr std::size_t kMaxFiles = 500;
constexpr std::size_t kMaxBytes = std::size_t{8} << 20;
constexpr std::size_t kMaxChain = 100;
constexpr std::uint64_t kMaxProjectNodes = 1000000;

std::string Quoted(std::string_view text) { return "\"" + std::string(text.substr(0, 120)) + "\""; }

}  // namespace

// Nothing if nobody can tell what the file will hold.
std::optional<std::string_view> ModelLoader::Content(std::string_view path) {
  std::string_view content;
  switch (host_.ReadFile(path, kMaxFileSize, &content)) {
    case SDP_OK:
      return content;
    case SDP_UNKNOWN:
      unseen_.push_back({path, content, {}});
      return std::nullopt;
    case SDP_ABSENT:
      FailUnreadable(path, "compose file " + std::string(path) + " does not exist",
                     "Name a compose file that exists, or create it with a separate command first.");
    default:
      FailUnreadable(path, "compose file " + std::string(path) + " cannot be read: " + std::string(content),
                     "Use a regular, readable compose file of at most 1 MiB.");
  }
}

std::vector<const Node*> ModelLoader::Parse(const Source& source, const Variables& variables) {
  const std::optional<std::string_view> content = Content(source.path);
  if (!content) {
    return {};
  }
  bytes_ += content->size();
  if (++files_ > kMaxFiles || bytes_ > kMaxBytes) {
    FailUnreadable(source.path, "the project includes or extends too many files (limits: 500 files, 8 MiB)",
                   "Split the project into smaller ones.");
  }
  Documents documents = ReadYaml(*content, source, variables, arena_);
  has_tags_ = has_tags_ || documents.has_tags;
  if (documents.roots.empty()) {
    FailMalformed(source.path, 0, 0, "empty compose file");
  }
  for (const Node* root : documents.roots) {
    if (!root->IsMap()) {
      FailAt(*root, root->IsNull() ? "empty compose file" : "top-level object must be a mapping");
    }
  }
  if (podman_.is_on) {
    CompareWithPodman(documents, source);
  }
  return std::move(documents.roots);
}

void ModelLoader::CompareWithPodman(const Documents& documents, const Source& source) {
  for (const Node* root : documents.roots) {
    for (const Difference& difference : PodmanDifferences(*root, *podman_.variables)) {
      unseen_.push_back({difference.what, difference.why, source.path, difference.line, difference.column});
    }
  }
}

Source ModelLoader::SourceOf(std::string_view path, std::string_view folder) {
  has_other_bases_ = has_other_bases_ || folder != project_folder_;
  return {path, podman_.has_one_base ? project_folder_ : folder};
}

const Node* ModelLoader::Load(const std::vector<std::string_view>& files, std::string_view folder,
                              const Variables& variables) {
  project_folder_ = folder;
  const Node* model = LoadFiles(files, folder, variables);
  // Extending shares what it copies, so that a small project can stand for a very large one.
  if (model != nullptr && model->weight > kMaxProjectNodes) {
    FailAt(*model, "the project has more than 1000000 values once everything is extended");
  }
  // podman-compose hands every item to podman.
  return podman_.is_on ? model : merger_.Unique(model);
}

void ModelLoader::Forget(std::size_t unseen) {
  unseen_.resize(unseen);
  base_files_.clear();
  scopes_.clear();
  files_ = 0;
  bytes_ = 0;
}

const Node* ModelLoader::LoadFiles(const std::vector<std::string_view>& files, std::string_view folder,
                                   const Variables& variables) {
  const Node* model = nullptr;
  for (const std::string_view path : files) {
    if (std::ranges::find(including_, path) != including_.end()) {
      FailMalformed(path, 0, 0, "include cycle detected: " + std::string(path) + " includes itself");
    }
    including_.push_back(path);
    const Source source = SourceOf(path, folder);
    for (const Node* document : Parse(source, variables)) {
      const Node* included = Include(*document, folder, variables);
      const Node* laid = merger_.Models(included, document);
      model = merger_.Models(model, ExtendServices(laid, model, source, variables));
    }
    including_.pop_back();
  }
  return model;
}

bool ModelLoader::IsUnseenStream(std::string_view path) const {
  std::string_view content;
  return IsStream(path) && host_.ReadFile(OpenedStream(path), kMaxFileSize, &content) != SDP_OK;
}

bool ModelLoader::IsUnseen(const Entry& place, std::string_view path) {
  std::string_view why;
  if (!plugin::IsKnown(path)) {
    why = "the name of this file depends on a variable that is not known";
  } else if (IsRemote(path)) {
    why = "this file is fetched from elsewhere and cannot be checked before";
  } else if (IsUnseenStream(path)) {
    why = "what is read from this stream cannot be checked before";
  } else {
    return false;
  }
  unseen_.push_back({path, why, place.value->source->path, place.line, place.column});
  return true;
}

// ---- include ---------------------------------------------------------------------------------------------------

const Node* ModelLoader::Include(const Node& document, std::string_view folder, const Variables& variables) {
  const Entry* include = Find(document, "include");
  if (include == nullptr) {
    return nullptr;
  }
  if (!include->value->IsList()) {
    FailAt(*include, "include must be a list");
  }
  if (including_.size() > kMaxChain) {
    FailAt(*include, "includes are nested too deeply");
  }
  const Node* model = nullptr;
  for (const Entry& item : include->value->entries) {
    if (item.value->tag != Tag::kReset) {
      model = merger_.Models(model, IncludeItem(item, folder, variables));
    }
  }
  return model;
}

std::vector<std::string_view> ModelLoader::IncludedPaths(const Entry& item, const Node& paths,
                                                         std::string_view folder) {
  std::vector<std::string_view> files;
  const auto add = [&](const Entry& place, const Node& path) {
    if (!path.IsScalar()) {
      FailAt(path, "include.path must be a string or a list of strings");
    }
    if (!IsUnseen({{}, &path, place.line, place.column}, path.text)) {
      files.push_back(arena_.Copy(OpenedPath(path.text, folder)));
    }
  };
  if (paths.IsList()) {
    for (const Entry& path : paths.entries) {
      add(path, *path.value);
    }
  } else {
    add(item, paths);
  }
  return files;
}

const Node* ModelLoader::IncludeItem(const Entry& item, std::string_view folder, const Variables& variables) {
  const Node* paths = item.value->IsScalar() ? item.value : FindNode(*item.value, "path");
  if (paths == nullptr) {
    FailAt(item, "an item of include needs a path");
  }
  const std::vector<std::string_view> files = IncludedPaths(item, *paths, folder);
  if (files.empty()) {
    return nullptr;
  }
  // The file is opened as it stands, but its folder is found by text alone.
  std::string_view inner_folder = arena_.Copy(FolderOf(AbsolutePath(files.front(), folder)));
  if (const Node* given = FindNode(*item.value, "project_directory")) {
    inner_folder = arena_.Copy(AbsolutePath(given->text, folder));
    // Of a folder that is missing, compose takes the parent for some purposes and the folder itself for others.
    if (plugin::IsKnown(inner_folder) && !IsFolder(inner_folder)) {
      unseen_.push_back({given->text, "this project_directory does not exist, so that its paths have no certain base",
                         given->source->path, given->line, given->column});
      return nullptr;
    }
  }
  if (!plugin::IsKnown(inner_folder)) {
    IsUnseen(item, inner_folder);
    return nullptr;
  }
  if (podman_.has_one_base) {
    inner_folder = project_folder_;
  }
  scopes_.push_back(std::make_unique<Variables>(&variables));
  Variables& inner = *scopes_.back();
  LoadIncludedEnvironment(*item.value, folder, inner_folder, inner);
  return Imported(LoadFiles(files, inner_folder, inner));
}

bool ModelLoader::IsFolder(std::string_view path) {
  sdp_path found{};
  return host_.ResolvePath(path, "/", &found) == SDP_OK && (found.flags & SDP_PATH_DIRECTORY) != 0;
}

// What an include brings in; its name and its extensions stay behind.
const Node* ModelLoader::Imported(const Node* model) {
  if (model == nullptr) {
    return nullptr;
  }
  std::vector<Entry> sections;
  for (const Entry& entry : model->entries) {
    if (std::ranges::find(kSectionNames, entry.key) != std::end(kSectionNames)) {
      sections.push_back(entry);
    }
  }
  return merger_.WithEntries(*model, sections);
}

void ModelLoader::LoadIncludedEnvironment(const Node& item, std::string_view outer, std::string_view folder,
                                          Variables& inner) {
  const Node* files = FindNode(item, "env_file");
  if (files == nullptr) {
    LoadEnvFile(arena_.Copy(AbsolutePath(".env", folder)), false, inner);
    return;
  }
  const auto load = [&](const Node& file) {
    if (!file.IsScalar()) {
      FailAt(file, "include.env_file must be a string or a list of strings");
    }
    if (IsUnseen({{}, &file, file.line, file.column}, file.text)) {
      inner.MarkUnread();
    } else {
      LoadEnvFile(arena_.Copy(AbsolutePath(file.text, outer)), true, inner);
    }
  };
  if (!files->IsList()) {
    load(*files);
    return;
  }
  for (const Entry& file : files->entries) {
    load(*file.value);
  }
}

void ModelLoader::LoadEnvFile(std::string_view path, bool must_exist, Variables& variables) {
  if (path == "/dev/null") {
    return;
  }
  std::string_view content;
  const std::int32_t status = host_.ReadFile(path, kMaxFileSize, &content);
  if (status == SDP_OK) {
    const bool is_new = std::ranges::find(unseen_, path, &Unseen::what) == unseen_.end();
    if (podman_.is_on && is_new && HasColonLines(content)) {
      unseen_.push_back({path, "podman-compose does not know \"NAME: value\" in it: write NAME=value", {}});
    }
    ReadDotenv(path, content, must_exist ? Redefinition::kReplace : Redefinition::kKeep, arena_, variables);
    return;
  }
  if (status == SDP_UNKNOWN) {
    unseen_.push_back({path, content, {}});
    variables.MarkUnread();
    return;
  }
  if (status == SDP_ABSENT && !must_exist) {
    return;
  }
  if (must_exist || !IsFolder(path)) {
    FailUnreadable(path,
                   "env file " + std::string(path) +
                       (status == SDP_ABSENT ? " does not exist" : " cannot be read: " + std::string(content)),
                   "Name a regular, readable env file of at most 1 MiB.");
  }
}

// ---- extends ---------------------------------------------------------------------------------------------------

void ModelLoader::IndexServices(Scope& scope) {
  const Entry* services = Find(*scope.model, "services");
  if (services == nullptr) {
    return;
  }
  if (!services->value->IsMap()) {
    FailAt(*services, "services must be a mapping");
  }
  for (const Entry& service : services->value->entries) {
    scope.services.emplace(service.key, service.value);
  }
}

const Node* ModelLoader::ExtendServices(const Node* model, const Node* earlier, const Source& source,
                                        const Variables& variables) {
  const Entry* services = Find(*model, "services");
  if (services == nullptr) {
    return model;
  }
  if (!services->value->IsMap()) {
    FailAt(*services, "services must be a mapping");
  }
  if (std::ranges::none_of(services->value->entries,
                           [](const Entry& service) { return Find(*service.value, "extends") != nullptr; })) {
    return model;
  }
  Scope scope{arena_.Make(source), &variables, model, earlier};
  IndexServices(scope);
  std::vector<Entry> extended;
  for (const Entry& service : services->value->entries) {
    extended.push_back({service.key, Extend(scope, service), service.line, service.column});
  }
  std::vector<Entry> sections(model->entries.begin(), model->entries.end());
  for (Entry& section : sections) {
    if (section.key == "services") {
      section.value = merger_.WithEntries(*services->value, extended);
    }
  }
  return merger_.WithEntries(*model, sections);
}

const Node* ModelLoader::Extend(Scope& scope, const Entry& service) {
  const Node* extends = FindNode(*service.value, "extends");
  if (extends == nullptr) {
    return service.value;
  }
  if (const auto found = scope.resolved.find(service.key); found != scope.resolved.end()) {
    return found->second;
  }
  const std::pair place{scope.source->path, service.key};
  if (std::ranges::find(extending_, place) != extending_.end()) {
    FailAt(service, "circular reference: service " + Quoted(service.key) + " extends itself");
  }
  if (extending_.size() > kMaxChain) {
    FailAt(service, "extends are chained too deeply");
  }
  extending_.push_back(place);
  const Node* base = Base(scope, service, *extends);
  extending_.pop_back();
  if (base == nullptr) {
    return service.value;
  }
  const Node* result = merger_.Services(has_tags_ ? merger_.WithoutTags(base) : base, service.value);
  scope.resolved.emplace(service.key, result);
  return result;
}

const Node* ModelLoader::Base(Scope& scope, const Entry& service, const Node& extends) {
  const Node* name = extends.IsScalar() ? &extends : FindNode(extends, "service");
  if (name == nullptr || !name->IsScalar()) {
    FailAt(extends, "services." + std::string(service.key) + ".extends.service is required");
  }
  const Entry place{{}, name, name->line, name->column};
  if (!plugin::IsKnown(name->text)) {
    IsUnseen(place, name->text);
    return nullptr;
  }
  Scope* where = &scope;
  if (const Node* file = FindNode(extends, "file")) {
    if (!file->IsScalar()) {
      FailAt(*file, "services." + std::string(service.key) + ".extends.file must be a string");
    }
    if (IsUnseen({{}, file, file->line, file->column}, file->text)) {
      return nullptr;
    }
    where = BaseFile(place, arena_.Copy(OpenedPath(file->text, scope.source->folder)), *scope.variables);
    if (where == nullptr) {
      return nullptr;
    }
  }
  if (const auto found = where->services.find(name->text); found != where->services.end()) {
    return Extend(*where, {name->text, found->second, found->second->line, found->second->column});
  }
  // A service of an earlier file or document is already extended.
  const Node* earlier = where->earlier == nullptr ? nullptr : FindNode(*where->earlier, "services");
  if (const Node* found = earlier == nullptr ? nullptr : FindNode(*earlier, name->text)) {
    return found;
  }
  if (!unseen_.empty()) {
    return nullptr;
  }
  FailAt(place, "cannot extend service " + Quoted(service.key) + ": service " + Quoted(name->text) + " not found in " +
                    std::string(where->source->path));
}

ModelLoader::Scope* ModelLoader::BaseFile(const Entry& place, std::string_view path, const Variables& variables) {
  auto& slot = base_files_[{path, &variables}];
  if (slot == nullptr) {
    const Source source = SourceOf(path, arena_.Copy(FolderOf(AbsolutePath(path, "/"))));
    const Node* model = nullptr;
    for (const Node* document : Parse(source, variables)) {
      model = merger_.Models(model, document);
    }
    if (model == nullptr) {
      return nullptr;
    }
    slot = std::make_unique<Scope>(Scope{arena_.Make(source), &variables, model, nullptr});
    IndexServices(*slot);
    if (slot->services.empty()) {
      FailAt(place, "cannot extend from " + std::string(path) + ": it has no services");
    }
  }
  return slot.get();
}

}  // namespace safe_docker::compose
