/** Shells that completion is there for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** bash cuts words at `:` and `=`, so that only what follows the last of them may be offered. */
const BASH = `# bash completion for slipway. Load it with:  source <(slipway completion bash)
_slipway() {
  local line words current head answer
  line="\${COMP_LINE:0:COMP_POINT}"
  read -ra words <<<"$line"
  [[ "$line" == *[[:space:]] || \${#words[@]} -eq 0 ]] && words+=('')
  current="\${words[-1]}"
  COMPREPLY=()
  answer="$(slipway __complete "\${words[@]:1}" 2>/dev/null)" || return
  head="\${current%"\${current##*[=:]}"}"
  case "$answer" in
    :files) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "\${current#"$head"}"); return ;;
    :directories) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "\${current#"$head"}"); return ;;
  esac
  while IFS=$'\\t' read -r answer _; do
    [[ -n "$answer" ]] && COMPREPLY+=("\${answer#"$head"}")
  done <<<"$answer"
}
complete -F _slipway slipway
`;

const ZSH = `#compdef slipway
# zsh completion for slipway. Load it with:  source <(slipway completion zsh)
_slipway() {
  local answer line text
  local -a texts descriptions
  answer="$(slipway __complete "\${(@Q)words[2,CURRENT]}" 2>/dev/null)" || return
  case "$answer" in
    :files) _files; return ;;
    :directories) _files -/; return ;;
  esac
  for line in "\${(@f)answer}"; do
    [[ -z "$line" ]] && continue
    text="\${line%%$'\\t'*}"
    texts+=("$text")
    [[ "$line" == *$'\\t'* ]] && descriptions+=("$text  -- \${line#*$'\\t'}") || descriptions+=("$text")
  done
  compadd -l -d descriptions -a texts
}
if [[ "\${funcstack[1]}" == _slipway ]]; then _slipway "$@"; else compdef _slipway slipway; fi
`;

const FISH = `# fish completion for slipway. Load it with:  slipway completion fish | source
function __slipway_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l answer (slipway __complete $words[2..-1] 2>/dev/null)
    switch "$answer[1]"
        case :files
            __fish_complete_path (commandline -ct)
        case :directories
            __fish_complete_directories (commandline -ct) ''
        case '*'
            printf '%s\\n' $answer
    end
end
complete -c slipway -f -a '(__slipway_complete)'
`;

/** The script that a shell loads. */
export function completionScript(shell: Shell): string {
  return { bash: BASH, zsh: ZSH, fish: FISH }[shell];
}
