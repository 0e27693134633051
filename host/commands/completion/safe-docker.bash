# shellcheck shell=bash
# Completion of safe-docker for bash 3.2 and later, printed by `safe-docker completion bash`.

# Of a command: the words `below` it, its `options`, what its `words` are, and whether it is `shared` with docker, so that
# what stands behind it may be docker's. Of an option: what its `value` is; empty if it takes none.
# shellcheck disable=SC2034
# TABLES

# Adds those of the words $1 that go on from what is typed.
_safe_docker_offer() {
  local word
  for word in $1; do
    [[ $word == "$current"* ]] && COMPREPLY+=("$word")
  done
}

# Offers what $1 says, as in the tables. Without an offer bash completes files.
_safe_docker_complete() {
  local word
  case $1 in
    words\ *) _safe_docker_offer "${1#words }" ;;
    folders)
      compopt -o filenames 2>/dev/null
      while IFS= read -r word; do
        COMPREPLY+=("$word")
      done < <(compgen -d -- "$current")
      ;;
    nothing) type compopt >/dev/null 2>&1 && compopt +o default 2>/dev/null ;;
  esac
}

# Adds what docker's own completion offers for the words from number $1 on; fails if docker has none.
_safe_docker_docker() {
  local known mine=("${COMPREPLY[@]}")
  if ! complete -p docker >/dev/null 2>&1; then
    # As bash-completion loads them; the second name is that of 2.12 and later.
    if declare -F _completion_loader >/dev/null; then
      _completion_loader docker >/dev/null 2>&1
    elif declare -F _comp_load >/dev/null; then
      _comp_load docker >/dev/null 2>&1
    fi
  fi
  known=$(complete -p docker 2>/dev/null) || return 1
  [[ $known == *' -F '* ]] || return 1
  known=${known##* -F }
  known=${known%% *}
  # The line as if it were docker's.
  local line=$COMP_LINE point=$COMP_POINT at
  for ((at = 0; at < $1; at++)); do
    ((point -= ${#line}))
    line=${line#*"${COMP_WORDS[at]}"}
    ((point += ${#line}))
  done
  local words=(docker "${COMP_WORDS[@]:$1}") count=$((COMP_CWORD - $1 + 1))
  local COMP_LINE=docker$line COMP_POINT=$((point + 6)) COMP_WORDS=("${words[@]}") COMP_CWORD=$count
  COMPREPLY=()
  "$known" docker "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
  COMPREPLY=("${mine[@]}" "${COMPREPLY[@]}")
  return 0
}

_safe_docker() {
  local below options words shared value word command='' start=0 at is_behind_options=
  local current=${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=()
  _safe_docker_place ''
  for ((at = 1; at < COMP_CWORD; at++)); do
    word=${COMP_WORDS[at]}
    if [[ $word == [=:] ]]; then
      ((at++)) # bash makes three words of --name=value
    elif [[ $word == -- ]]; then
      [[ -n $command ]] && is_behind_options=yes
    elif [[ $word == -* && -z $is_behind_options ]]; then
      _safe_docker_value "$command" "$word"
      if [[ $value == docker ]]; then
        _safe_docker_docker $((at + 1))
        return
      elif [[ " $options " != *" $word "* && (-z $command || -n $shared) ]]; then
        _safe_docker_docker $((start > 0 ? start : at))
        return
      elif [[ -n $value ]]; then
        [[ ${COMP_WORDS[at + 1]} == = ]] && ((at++))
        [[ $current == = ]] && current=
        if ((at + 1 >= COMP_CWORD)); then
          _safe_docker_complete "$value"
          return
        fi
        ((at++))
      fi
      # Behind an option of safe-docker's own stands a docker command.
      [[ -z $command ]] && below=
    elif [[ " $below " == *" $word "* ]]; then
      ((start > 0)) || start=$at
      command=${command:+$command }$word
      _safe_docker_place "$command"
    elif [[ -z $command || -n $shared ]]; then
      _safe_docker_docker $((start > 0 ? start : at))
      return
    fi
  done
  if [[ $current == -* && -z $is_behind_options ]]; then
    _safe_docker_offer "$options"
  else
    _safe_docker_offer "$below"
    _safe_docker_complete "$words"
  fi
  if [[ -z $command || -n $shared ]]; then
    _safe_docker_docker $((start > 0 ? start : at))
  fi
  return 0
}

complete -o default -F _safe_docker safe-docker
