using System.CommandLine;
using System.CommandLine.Completions;
using BatchScorer.Cli.Hosting;
using BatchScorer.Errors;

namespace BatchScorer.Cli;

/// <summary>The argument that names a job; shells complete it.</summary>
internal static class JobArgument
{
    public static Argument<string> Create(CommandContext context)
    {
        var argument = new Argument<string>("JOB") { Description = "The job's name, which is that of its file without .json.", HelpName = "JOB" };
        argument.CompletionSources.Add(completion => Names(context, completion));
        return argument;
    }

    public static Argument<string[]> CreateMany(CommandContext context)
    {
        var argument = new Argument<string[]>("JOB") { Description = "Names of jobs. Default: all.", HelpName = "JOB", Arity = ArgumentArity.ZeroOrMore };
        argument.CompletionSources.Add(completion => Names(context, completion));
        return argument;
    }

    public static Option<string?> CreateOption(CommandContext context, string description = "Only runs of this job.")
    {
        var option = new Option<string?>("--job") { Description = description, HelpName = "JOB" };
        option.CompletionSources.Add(completion => Names(context, completion));
        return option;
    }

    private static IEnumerable<CompletionItem> Names(CommandContext context, CompletionContext completion)
    {
        try
        {
            // No database is asked, and nothing asynchronous is done: a shell waits for this.
            using var host = ProgramHost.Build(context.Environment, context.Overrides(completion.ParseResult));
            return [.. host.ReadJobs().Jobs.Select(job => new CompletionItem(job.Name, detail: job.Definition.Description))];
        }
        catch (BatchScorerException)
        {
            // A shell in the middle of a line has no place for messages; the command itself will tell.
            return [];
        }
    }
}
