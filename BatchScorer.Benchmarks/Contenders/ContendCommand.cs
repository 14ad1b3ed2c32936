using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using BatchScorer.Benchmarks.Metering;
using BatchScorer.Postgres;

namespace BatchScorer.Benchmarks.Contenders;

/// <summary>
/// The command <c>contend</c>, by which this program starts itself, so that each contender has memory of its own. The first line of
/// its input says what to do and the second where; each line after them has it done, and answered by a line with what it took.
/// </summary>
internal static class ContendCommand
{
    public const string Name = "contend";

    public static Command Create()
    {
        var command = new Command(Name, "Scores the table whenever the process that started this one says so.") { Hidden = true };
        command.SetAction((_, cancellationToken) => ContendAsync(Console.In, Console.Out, cancellationToken));
        return command;
    }

    private static async Task ContendAsync(TextReader input, TextWriter output, CancellationToken cancellationToken)
    {
        var order = JsonSerializer.Deserialize<ContenderOrder>((await input.ReadLineAsync(cancellationToken))!)!;
        var place = JsonSerializer.Deserialize<ArenaPlace>((await input.ReadLineAsync(cancellationToken))!)!;
        await using var database = await Database.OpenAsync(place.ConnectionString, cancellationToken);
        var contender = order.Create(place.Enter(database));
        using var disposable = contender as IDisposable;
        var meter = new Meter(ServerProcesses.Of(place.ServerFolder), Process.GetCurrentProcess());
        while (await input.ReadLineAsync(cancellationToken) is not null)
        {
            await contender.PrepareAsync(cancellationToken);
            var cost = await meter.MeasureAsync(() => contender.RunAsync(cancellationToken));
            await contender.CleanAsync(cancellationToken);
            await output.WriteLineAsync(JsonSerializer.Serialize(cost).AsMemory(), cancellationToken);
            await output.FlushAsync(cancellationToken);
        }
    }
}
