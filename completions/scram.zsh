#compdef scram
# Completion of scram for zsh. For this shell: eval "$(scram completion zsh)"; for good, save it as _scram in $fpath.
_scram() {
  local line value about
  local -a lines plain unfinished
  lines=("${(@f)$("${words[1]}" __complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ ${lines[1]} == :files* ]]; then
    _files
    return
  fi
  for line in "${(@)lines}"; do
    [[ -z $line ]] && continue
    value=${line%%$'\t'*}
    about=${line#*$'\t'}
    if [[ $value == *= ]]; then
      unfinished+=("${value//:/\\:}:$about")
    else
      plain+=("${value//:/\\:}:$about")
    fi
  done
  (($#plain)) && _describe scram plain
  (($#unfinished)) && _describe scram unfinished -S ''
}
if [[ ${funcstack[1]} == _scram ]]; then _scram "$@"; else compdef _scram scram; fi
