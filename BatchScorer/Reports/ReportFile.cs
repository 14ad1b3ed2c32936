using System.Text;
using BatchScorer.Errors;
using BatchScorer.Files;

namespace BatchScorer.Reports;

/// <summary>A report in a file, which is there whole or not at all.</summary>
internal static class ReportFile
{
    /// <summary>Writes a report; a file that is there is replaced.</summary>
    /// <returns>How many bytes it has.</returns>
    /// <exception cref="BatchScorerException">It cannot be written there; what was there is as it was.</exception>
    public static async Task<long> WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        try
        {
            await using var file = WholeFile.Create(path);
            await file.Stream.WriteAsync(bytes, cancellationToken);
            await file.CommitAsync();
            return bytes.Length;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (!Directory.Exists(Path.GetDirectoryName(path)))
                throw new BatchScorerException(ExitCode.Failed, $"The report cannot be written to {path}: there is no such folder. Make it, or name another.", fault);
            throw new BatchScorerException(ExitCode.Failed, $"The report cannot be written to {path}: {fault.Message.TrimEnd('.')}. Name a file that you may write.", fault);
        }
    }
}
