#compdef safe-docker
# Completion of safe-docker for zsh, printed by `safe-docker completion zsh`.

# Of a command: the words `below` it, its `rows` for _arguments, and whether it is `shared` with docker, so that what
# stands behind it may be docker's.
# TABLES

# Completes `words` as docker's arguments; files if docker has no completion.
_safe_docker_docker() {
  words=(docker "${words[@]}")
  (( CURRENT++ ))
  _normal
}

# Completes what stands behind the words of `command`; `words` begins with them.
_safe_docker_words() {
  local command='' at=1 is_found=1
  local -a below rows
  local shared
  _safe_docker_place ''
  while (( at < CURRENT )) && [[ -n ${(M)below:#${words[at]}:*} ]]; do
    command=${command:+$command }${words[at]}
    _safe_docker_place "$command"
    (( at++ ))
  done
  if (( at < CURRENT )) && [[ -z $command || -n $shared ]]; then
    _safe_docker_docker
    return
  fi
  if (( at == CURRENT && $#below )) && [[ ${words[CURRENT]} != -* ]]; then
    _describe -t commands 'safe-docker command' below && is_found=0
  fi
  # The root's own options have been completed by whoever calls this.
  if [[ -n $command ]]; then
    local -a all=("${words[@]}")
    local current=$CURRENT
    words=("safe-docker $command" "${(@)words[at,-1]}")
    (( CURRENT -= at - 2 ))
    _arguments -s "${rows[@]}" && is_found=0
    words=("${all[@]}")
    CURRENT=$current
  fi
  if [[ -z $command || -n $shared ]] && (( $+_comps[docker] )); then
    _safe_docker_docker && is_found=0
  fi
  return is_found
}

_safe_docker() {
  local curcontext=$curcontext state state_descr line is_found=1
  typeset -A opt_args
  local -a below rows
  local shared
  _safe_docker_place ''
  _arguments -C -s -A '-*' "${rows[@]}" '(-)*::: :->words' && is_found=0
  if [[ $state == words ]]; then
    if (( $#opt_args )); then
      _safe_docker_docker && is_found=0 # behind an option of safe-docker's own stands a docker command
    else
      _safe_docker_words && is_found=0
    fi
  fi
  return is_found
}

# Found in fpath it is called at once, read by `source` it is only made known.
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _safe_docker "$@"
else
  compdef _safe_docker safe-docker
fi
