// The part of the evaluator that tells what commands find in files and on standard input: what the text has written by
// then, unless that happens beside them or at another time.
#include <algorithm>
#include <memory>
#include <utility>

#include "evaluator.hpp"

namespace safe_docker::shell {

// What a command may find in the files that the text has written so far; a null alone if that does not matter.
std::vector<std::shared_ptr<const WrittenFiles>> Evaluator::ViewsOfFiles(const Words& words) {
  const bool matters = context_.reads_files != nullptr && context_.reads_files(words);
  if (!matters || (files_.changes() == 0 && open_outputs_.empty())) {
    return {nullptr};
  }
  if ((views_.empty() || view_changes_ != files_.changes()) && Spend(files_.written_count() * kCostOfLookUp / 4)) {
    std::vector<std::shared_ptr<const WrittenFiles>> views;
    for (WrittenFiles& view : files_.Views()) {
      views.push_back(std::make_shared<const WrittenFiles>(std::move(view)));
    }
    view_changes_ = files_.changes();
    const bool same = std::equal(views.begin(), views.end(), views_.begin(), views_.end(),
                                 [](const auto& one, const auto& other) { return *one == *other; });
    if (!same) {
      views_ = std::move(views);
      ++views_made_;
    }
  }
  if (open_outputs_.empty() || views_.empty()) {
    return views_;
  }
  // What is printed around the command is in the file already, or not yet.
  std::vector<std::shared_ptr<const WrittenFiles>> views;
  for (const auto& each : views_) {
    auto view = std::make_shared<WrittenFiles>(*each);
    for (const std::string& path : open_outputs_) {
      Spend(1);
      IsKnown(path) ? view->MarkUnknown(path) : void();
    }
    views.push_back(std::move(view));
  }
  return views;
}

// A command that ran at `streams` may have taken any part of what it could read there.
void Evaluator::NoteReader(const Streams& streams) {
  if (streams.input != nullptr) {
    read_inputs_.insert(streams.input);
  } else if (!streams.file.empty()) {
    read_input_files_.insert(streams.file);
  }
}

bool Evaluator::IsReadBefore(const Streams& streams) const {
  return streams.input != nullptr ? read_inputs_.contains(streams.input) : read_input_files_.contains(streams.file);
}

void Evaluator::NoteOpened(const Streams& streams) {
  streams.input != nullptr ? read_inputs_.erase(streams.input) : read_input_files_.erase(streams.file);
}

// The members of a pipeline run at the same time: what one writes another may find or not.
void Evaluator::EndPipeline(std::size_t first_command, std::size_t changes, std::vector<std::string> changed) {
  std::sort(changed.begin(), changed.end());
  for (auto twice = std::adjacent_find(changed.begin(), changed.end()); twice != changed.end();
       twice = std::adjacent_find(twice + 1, changed.end())) {
    files_.Write(*twice, std::string(1, kUnknownPart), true);
  }
  const std::vector<std::string> paths = files_.ChangedSince(changes);
  for (std::size_t i = first_command; i < analysis_.commands.size() && Spend(paths.size()); ++i) {
    ForgetChanges(&analysis_.commands[i], paths);
  }
}

// `changes`: of the files, when it was walked.
void Evaluator::EndAside(Aside aside, std::size_t changes) {
  aside.end = analysis_.commands.size();
  if (files_.changes() != changes && Spend(1 + files_.written_count() / 8)) {
    aside.paths = files_.ChangedSince(changes);
  }
  if (aside.first != aside.end || !aside.paths.empty()) {
    asides_.push_back(std::move(aside));
  }
}

void Evaluator::HeedAsides() {
  for (const Aside& aside : asides_) {
    const std::vector<std::string> later =
        aside.first == aside.end ? std::vector<std::string>() : files_.ChangedSince(aside.changes);
    for (std::size_t i = aside.from; i < analysis_.commands.size(); ++i) {
      const bool is_inside = i >= aside.first && i < aside.end;
      if (!Spend(1 + (is_inside ? later : aside.paths).size())) {
        return;
      }
      ForgetChanges(&analysis_.commands[i], is_inside ? later : aside.paths);
    }
  }
}

// What may be a link by then is none of which anybody knows where it leads.
void Evaluator::HeedLinks() {
  for (CommandLine& line : analysis_.commands) {
    const bool matters = context_.reads_files != nullptr && context_.reads_files(line.words);
    if (linked_files_.empty() || !matters || !Spend(linked_files_.size())) {
      continue;
    }
    auto files = line.files == nullptr ? std::make_shared<WrittenFiles>() : std::make_shared<WrittenFiles>(*line.files);
    files->SetLinked({linked_files_.begin(), linked_files_.end()});
    line.files = std::move(files);
  }
}

// Takes back what is known of `paths` for a command.
void Evaluator::ForgetChanges(CommandLine* line, const std::vector<std::string>& paths) {
  if (paths.empty() || context_.reads_files == nullptr || !context_.reads_files(line->words)) {
    return;
  }
  auto files = line->files == nullptr ? std::make_shared<WrittenFiles>() : std::make_shared<WrittenFiles>(*line->files);
  for (const std::string& path : paths) {
    if (!IsKnown(path)) {
      files->AddUnknownPath(path);
      continue;
    }
    files->MarkUnknown(path);
    files->AddReplaced(path);
  }
  line->files = std::move(files);
}

}  // namespace safe_docker::shell
