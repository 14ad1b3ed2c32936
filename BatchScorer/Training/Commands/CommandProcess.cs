using System.ComponentModel;
using System.Diagnostics;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Runs;
using BatchScorer.Training.Data;

namespace BatchScorer.Training.Commands;

/// <summary>Starts the command that a job names, and tells it in its environment where things are.</summary>
internal static class CommandProcess
{
    /// <summary>The path at which the command has to leave the model.</summary>
    public const string ModelVariable = $"{Own}MODEL";

    /// <summary>What the names of all variables begin with that are of this program.</summary>
    private const string Own = "BATCHSCORER_";

    /// <summary>Starts it in the folder of the job file, with nothing to read from standard input.</summary>
    /// <exception cref="BatchScorerException">There is no such program.</exception>
    public static Process Start(Job job, IReadOnlyList<string> command, DataSet data, TrainingFolder folder)
    {
        var workingFolder = Path.GetDirectoryName(Path.GetFullPath(job.File))!;
        // A program that is named by a path is looked for beside the job file, as its model is.
        var program = command[0].Contains('/', StringComparison.Ordinal) ? Path.GetFullPath(command[0], workingFolder) : command[0];
        var start = new ProcessStartInfo(program, command.Skip(1))
        {
            WorkingDirectory = workingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        SetEnvironment(start, job, data, folder);
        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (Exception cause) when (cause is Win32Exception or FileNotFoundException)
        {
            throw new JobPlaces(job).Refuse(
                [new BindingFault("retrain.command", $"\"{command[0]}\" cannot be started on this machine: {cause.Message}; expected a program that is on the PATH, or a path from the folder of the job file")],
                cause: cause);
        }
    }

    private static void SetEnvironment(ProcessStartInfo start, Job job, DataSet data, TrainingFolder folder)
    {
        // The database's password is among the settings, or in libpq's variables, and no business of the command.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith(Own, StringComparison.OrdinalIgnoreCase) || name is "PGPASSWORD" or "PGPASSFILE").ToList())
            start.Environment.Remove(name);
        start.Environment[$"{Own}JOB"] = job.Name;
        start.Environment[$"{Own}DATA"] = folder.Data;
        start.Environment[$"{Own}DATA_DESCRIPTION"] = folder.Description;
        start.Environment[$"{Own}LABEL"] = data.Label;
        start.Environment[ModelVariable] = folder.Model;
        start.Environment[$"{Own}GOLDEN"] = folder.Golden;
        foreach (var name in new[] { "TMPDIR", "TMP", "TEMP" })
            start.Environment[name] = folder.Path;
    }
}
