namespace BatchScorer.Cli;

/// <summary>
/// For each shell the script that has it ask this program for completions: the directive <c>[suggest:N]</c> answers with a line
/// for each, for the command line that follows it, without the program's name and with the cursor behind its N characters.
/// </summary>
internal static class CompletionScripts
{
    private const string Bash =
        """
        _batchscorer() {
            local line="${COMP_LINE:0:COMP_POINT}" word="${COMP_WORDS[COMP_CWORD]}" IFS=$'\n'
            line="${line#* }"
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)" -- "$word"))
        }
        complete -o default -F _batchscorer batchscorer
        """;

    private const string Zsh =
        """
        _batchscorer() {
            local line="${(j: :)words[2,CURRENT]}"
            local -a items=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
            compadd -a items || _files
        }
        compdef _batchscorer batchscorer
        """;

    private const string Fish =
        """
        function __batchscorer_complete
            set -l words (commandline -opc) (commandline -ct)
            set -l line (string join ' ' -- $words[2..])
            command $words[1] "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c batchscorer -f -a '(__batchscorer_complete)'
        complete -c batchscorer -n '__fish_seen_subcommand_from inspect' -F
        """;

    private const string Pwsh =
        """
        Register-ArgumentCompleter -Native -CommandName batchscorer -ScriptBlock {
            param($word, $command, $cursor)
            $line = $command.ToString().PadRight($cursor).Substring(0, $cursor)
            $line = $line.Substring($line.IndexOf(' ') + 1)
            & $command.CommandElements[0].Value "[suggest:$($line.Length)]" $line 2>$null | Where-Object { $_ -like "$word*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;

    public static IReadOnlyDictionary<string, string> ByShell { get; } = new Dictionary<string, string>
    {
        ["bash"] = Bash,
        ["zsh"] = Zsh,
        ["fish"] = Fish,
        ["pwsh"] = Pwsh,
    };
}
