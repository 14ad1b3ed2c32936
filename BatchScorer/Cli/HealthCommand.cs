using System.CommandLine;
using BatchScorer.Cli.Hosting;
using BatchScorer.Errors;
using BatchScorer.Health;
using BatchScorer.Postgres;

namespace BatchScorer.Cli;

/// <summary><c>health</c>: whether there is a database to work on, or whether the <c>serve</c> of this machine is well.</summary>
internal static class HealthCommand
{
    public static Command Create(CommandContext context)
    {
        var live = new Option<bool>("--live") { Description = "Ask the `serve` on this machine whether it answers." };
        var ready = new Option<bool>("--ready") { Description = "Ask the `serve` on this machine whether it can work." };
        var command = new DescribedCommand("health",
            "Check that the database can be reached, has this program's schema and takes writes; or ask the `serve` on this machine. Answers 0 when all is well.",
            "health", "health --live", "health --ready")
        { live, ready };
        command.Validators.Add(result =>
        {
            if (result.GetValue(live) && result.GetValue(ready))
                result.AddError("--live and --ready are two questions: expected one of them.");
        });
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => parse.GetValue(live) || parse.GetValue(ready)
            ? context.RunAsync(parse, host => AskAsync(context, parse, host, parse.GetValue(live) ? HealthEndpoint.Live : HealthEndpoint.Ready, cancellationToken))
            : context.RunOnAnyDatabaseAsync(parse, async host =>
            {
                await DatabaseHealth.CheckAsync(host.Get<Database>(), cancellationToken);
                return Print(context, parse, new Health("database", "Healthy"), "The database can be reached, its schema is up to date, and it takes writes.");
            }, cancellationToken));
        return command;
    }

    private static async Task<ExitCode> AskAsync(CommandContext context, ParseResult parse, ProgramHost host, string path, CancellationToken cancellationToken)
    {
        const string setting = $"{BatchScorerSettings.Section}:{nameof(BatchScorerSettings.HealthAddress)}";
        var address = HealthAddress.Parse(setting, host.Settings.HealthAddress)
            ?? throw new BatchScorerException(ExitCode.BadConfiguration, $"{setting} is off, so there is nobody to ask.");
        var answer = await HealthQuestion.AskAsync(address, path, cancellationToken);
        return Print(context, parse, new Health(address.Ask.Authority, answer), $"{new Uri(address.Ask, path)} answers {answer}.");
    }

    private static ExitCode Print(CommandContext context, ParseResult parse, Health health, string text)
    {
        context.Print(parse, health, () => context.Terminal.Results.WriteLine(text));
        return ExitCode.Done;
    }

    /// <param name="Of">What was asked: <c>database</c>, or a host and port.</param>
    /// <param name="Status">The answer.</param>
    private sealed record Health(string Of, string Status);
}
