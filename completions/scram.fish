# Completion of scram for fish. For good: scram completion fish > ~/.config/fish/completions/scram.fish
function __scram_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    test -n "$current"; or set current ''
    set -l lines ($words[1] __complete -- $words[2..-1] $current 2>/dev/null)
    if test "$lines[1]" = ':files'
        __fish_complete_path $current
    else
        printf '%s\n' $lines
    end
end
complete -c scram -f -a '(__scram_complete)'
