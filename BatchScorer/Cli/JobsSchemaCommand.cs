using System.CommandLine;
using BatchScorer.Errors;
using BatchScorer.Jobs;

namespace BatchScorer.Cli;

/// <summary><c>jobs schema</c>: the JSON schema of job files.</summary>
internal static class JobsSchemaCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new DescribedCommand("schema", "Print the JSON schema of job files, by which editors complete and check them.", "jobs schema > jobs/job.schema.json");
        command.SetAction(_ =>
        {
            context.Terminal.Results.Write(JobSchema.Generate());
            return (int)ExitCode.Done;
        });
        return command;
    }
}
