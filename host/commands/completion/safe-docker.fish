# Completion of safe-docker for fish, printed by `safe-docker completion fish`.

# Sets what there is to know of a command: the words `below` it, its options, and whether it is `shared` with docker, so
# that what stands behind it may be docker's. Then come the rows of what is offered.
# TABLES

# Prints what stands in front of the cursor: "command" and the name of the command whose arguments it takes, or "docker" and
# the number of the word with which docker's begin. "options": only options have been typed, so that both may follow.
function __safe_docker_where
    set -l tokens (commandline -opc)
    set -l below
    set -l switches
    set -l with_value
    set -l dockers_behind
    set -l shared
    set -l command ''
    set -l start 0
    set -l has_options 0
    __safe_docker_place ''
    set -l at 2
    while test $at -le (count $tokens)
        set -l word $tokens[$at]
        set -l name (string split -m 1 -- '=' $word)[1]
        if contains -- "$word" $dockers_behind
            echo docker (math $at + 1)
            return
        else if string match -q -- '-*' $word
            if contains -- "$name" $with_value
                test "$name" = "$word"; and set at (math $at + 1)
            else if begin; test -z "$command"; or test -n "$shared"; end; and not contains -- "$word" $switches
                test $start -gt 0; or set start $at
                echo docker $start
                return
            end
            set has_options 1
        else if contains -- "$word" $below; and not test -z "$command" -a $has_options = 1
            test $start -gt 0; or set start $at
            set command (string trim -- "$command $word")
            __safe_docker_place $command
        else if test -z "$command"; or test -n "$shared"
            test $start -gt 0; or set start $at
            echo docker $start
            return
        end
        set at (math $at + 1)
    end
    if test -z "$command" -a $has_options = 1
        echo options $at
    else
        test $start -gt 0; or set start $at
        echo command $start "$shared" "$command"
    end
end

# Whether the cursor takes the arguments of this command.
function __safe_docker_at --argument-names command
    set -l where (__safe_docker_where | string split -m 3 ' ')
    test "$where[1]" = command; and test "$where[4]" = "$command"
end

# Prints what docker's own completion offers.
function __safe_docker_docker
    set -l where (__safe_docker_where | string split -m 3 ' ')
    # Where both may follow, and docker has no completion, its place is not for files.
    if test "$where[1]" != docker; and test -z "$(complete -C 'docker pu' | string match 'pull*')"
        return
    end
    set -l tokens (commandline -opc)
    set -l words
    test $where[2] -le (count $tokens); and set words (string escape -- $tokens[$where[2]..-1])
    complete -C "docker $words "(commandline -ct) 2>/dev/null
end

# Whether docker's words may stand at the cursor.
function __safe_docker_is_dockers
    set -l where (__safe_docker_where | string split -m 3 ' ')
    test "$where[1]" != command; or test -n "$where[3]"; or test -z "$where[4]"
end

complete -c safe-docker -f
complete -c safe-docker -n __safe_docker_is_dockers -a '(__safe_docker_docker)'
