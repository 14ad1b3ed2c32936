using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Training.Data;
using BatchScorer.Wording;
using Microsoft.Extensions.Logging;

namespace BatchScorer.Training.Commands;

/// <summary>
/// Trains with the command that a job names: a process of its own, which is ended with all that it has started when it takes too long or nobody
/// waits for it any more.
/// </summary>
/// <param name="retrain">What the job's file says, with a command.</param>
/// <param name="time">The clock of its time limit.</param>
/// <param name="logger">Told each line that the command writes.</param>
internal sealed class CommandTrainer(JobRetrain retrain, TimeProvider time, ILogger logger) : ITrainer
{
    // All that a process has written is there at once when it has ended, unless something that it left behind holds on to the pipe.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    public async Task TrainAsync(Job job, DataSet data, TrainingFolder folder, IProgress<string> lines, CancellationToken cancellationToken)
    {
        await folder.DescribeAsync(job, data, cancellationToken);
        var started = time.GetTimestamp();
        using var process = CommandProcess.Start(job, retrain.Command!, data, folder);
        var (output, errors) = (new LineTail(), new LineTail());
        var told = Task.WhenAll(TellAsync(process.StandardOutput, output), TellAsync(process.StandardError, errors));
        using var limit = new CancellationTokenSource(retrain.Timeout, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await process.WaitForExitAsync(over.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            await HearOutAsync();
            throw Failed($"was ended after {Readable.Duration(retrain.Timeout)}, all that retrain.timeout allows");
        }

        await HearOutAsync();
        var took = Readable.Duration(time.GetElapsedTime(started));
        if (process.ExitCode != 0)
            throw Failed($"ended with exit code {process.ExitCode} after {took}");
        if (!File.Exists(folder.Model))
            throw Failed($"ended after {took} without a model, expected one at the path that {CommandProcess.ModelVariable} has");

        Task HearOutAsync() => Task.WhenAny(told, Task.Delay(Rest, CancellationToken.None));

        async Task TellAsync(StreamReader reader, LineTail tail)
        {
            while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
            {
                tail.Add(line);
                lines.Report(line);
                TrainingLogs.CommandSaid(logger, job.Name, line);
            }
        }

        BatchScorerException Failed(string how)
        {
            var last = errors.Read() is { Count: > 0 } said ? said : output.Read();
            var words = last.Count == 0 ? " It said nothing." : $" It said last:\n{string.Join('\n', last.Select(line => $"  {line}"))}";
            return new BatchScorerException(ExitCode.Failed,
                $"The command of job \"{job.Name}\", `{string.Join(' ', retrain.Command!)}`, {how}.{words}\n"
                + $"Mend it, and run `batchscorer train {job.Name}`; `batchscorer train {job.Name} --out data.csv` writes the data set alone, to try it by hand.");
        }
    }
}
