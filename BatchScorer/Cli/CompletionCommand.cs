using System.CommandLine;
using BatchScorer.Errors;

namespace BatchScorer.Cli;

/// <summary><c>completion SHELL</c>: the script that makes a shell complete this program's commands.</summary>
internal static class CompletionCommand
{
    public static Command Create(CommandContext context)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh, fish or pwsh." };
        shell.AcceptOnlyFromAmong([.. CompletionScripts.ByShell.Keys]);
        var command = new DescribedCommand("completion", "Print the script that makes a shell complete commands, options and the names of jobs.",
            "completion bash > ~/.local/share/bash-completion/completions/batchscorer", "completion zsh >> ~/.zshrc",
            "completion fish > ~/.config/fish/completions/batchscorer.fish", "completion pwsh >> $PROFILE")
        { shell };
        command.SetAction(parse =>
        {
            context.Terminal.Results.WriteLine(CompletionScripts.ByShell[parse.GetRequiredValue(shell)]);
            return (int)ExitCode.Done;
        });
        return command;
    }
}
