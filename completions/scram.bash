# Completion of scram for bash. For this shell: eval "$(scram completion bash)"
_scram() {
  local line=${COMP_LINE:0:COMP_POINT} current prefix candidate _about
  local -a words
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  current=${words[${#words[@]} - 1]}
  prefix=${current%"${current##*[=:]}"} # bash replaces only what stands after the last = or :
  COMPREPLY=()
  while IFS=$'\t' read -r candidate _about; do
    if [[ $candidate == :files ]]; then
      compopt -o filenames
      mapfile -t COMPREPLY < <(compgen -f -- "${current#"$prefix"}")
      return
    fi
    COMPREPLY+=("${candidate#"$prefix"}")
  done < <("${COMP_WORDS[0]}" __complete -- "${words[@]:1}" 2>/dev/null)
  if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then compopt -o nospace; fi
}
complete -F _scram scram
