using System.Diagnostics;
using BatchScorer.Errors;

namespace BatchScorer.Tests.Cli;

internal sealed class CompletionTests
{
    [TestCase("ru", "run", "runs")]
    [TestCase("run ch", "churn")]
    [TestCase("runs list --job ", "churn")]
    [TestCase("runs list -o j", "json")]
    [TestCase("demo --ke", "--keep")]
    public async Task The_program_answers_shells_with_what_may_come_next(string line, params string[] expected)
    {
        var answer = await Invocation.RunAsync($"[suggest:{line.Length}]", line);

        Assert.That(answer.Results.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(expected));
    }

    [Test]
    public async Task No_job_is_completed_where_there_is_no_folder_of_jobs()
    {
        const string line = "run --jobs /nowhere ch";

        var answer = await Invocation.RunAsync($"[suggest:{line.Length}]", line);

        Assert.That((answer.ExitCode, answer.Results.Trim(), answer.Progress), Is.EqualTo((ExitCode.Done, "", "")));
    }

    [TestCase("bash", "complete -o default -F _batchscorer batchscorer")]
    [TestCase("zsh", "compdef _batchscorer batchscorer")]
    [TestCase("fish", "complete -c batchscorer")]
    [TestCase("pwsh", "Register-ArgumentCompleter -Native -CommandName batchscorer")]
    public async Task Each_shell_has_a_script_that_registers_it(string shell, string registration)
    {
        var answer = await Invocation.RunAsync("completion", shell);

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.Done));
        Assert.That(answer.Results, Does.Contain(registration).And.Contain("[suggest:"));
    }

    [Test]
    [Platform("Linux")]
    public async Task Bash_asks_for_the_line_up_to_the_cursor_and_takes_what_fits_the_word()
    {
        var script = (await Invocation.RunAsync("completion", "bash")).Results;
        const string Trial = """
            batchscorer() { echo "$@" >&2; printf 'show\nlist\nresume\n'; }
            COMP_LINE='batchscorer runs s --limit' COMP_POINT=18 COMP_WORDS=(batchscorer runs s --limit) COMP_CWORD=2
            _batchscorer 2>/dev/null; echo "${COMPREPLY[@]}"
            """;
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", script + Trial]) { RedirectStandardOutput = true })!;

        Assert.That((await bash.StandardOutput.ReadToEndAsync()).Trim(), Is.EqualTo("show"));
    }
}
