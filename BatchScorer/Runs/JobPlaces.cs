using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Jobs.Json;

namespace BatchScorer.Runs;

/// <summary>Finds the lines of a job file for faults that show only against its model or its database.</summary>
internal sealed class JobPlaces(Job job)
{
    /// <summary>The faults with their lines, in their order; without lines when the file has gone or changed for the worse since it was read.</summary>
    public IReadOnlyList<FileFault> Of(IEnumerable<BindingFault> faults)
    {
        var placed = new FaultList(Path.GetFileName(job.File));
        var document = new JobDocument(job.File);
        foreach (var fault in faults)
            placed.Add(document.LineOf(fault.Path), fault.Path, fault.Message);
        return placed.InOrder;
    }

    /// <summary>The faults as one error, a line each.</summary>
    public BatchScorerException Refuse(IEnumerable<BindingFault> faults, ExitCode exitCode = ExitCode.BadConfiguration, Exception? cause = null) =>
        new(exitCode, string.Join('\n', Of(faults)), cause);

    /// <summary>Does what a property asks for.</summary>
    /// <exception cref="BatchScorerException">It cannot be done; the message begins with the property's place.</exception>
    public async Task<T> AtAsync<T>(string path, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (BatchScorerException fault)
        {
            throw Refuse([new BindingFault(path, fault.Message)], fault.ExitCode, fault);
        }
    }
}
